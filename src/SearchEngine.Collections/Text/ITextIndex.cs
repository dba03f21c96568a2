using SearchEngine.Collections.Postings;

namespace SearchEngine.Collections.Text;

/// <summary>The words of one text field in one segment of a view; dead rows are in it, and count in its sums.</summary>
internal interface ITextIndex
{
    /// <summary>Rows whose text has words.</summary>
    long Documents { get; }

    /// <summary>Words of all texts.</summary>
    long Words { get; }

    /// <summary>Words of a row's text.</summary>
    uint LengthOf(uint row);

    /// <summary>Null when no text has the word.</summary>
    IPostings? Find(string word);
}
