namespace SearchEngine.Collections.Text;

/// <summary>The rows whose text has a word, ascending, and how often it has it. Places are 0 to <see cref="Count"/>.</summary>
internal interface ITermPostings
{
    int Count { get; }

    uint RowAt(int place);

    uint FrequencyAt(int place);

    /// <summary>The first place from a given one on whose row is not before a row.</summary>
    int FirstAtLeast(uint row, int from);

    /// <summary>The run that a place belongs to.</summary>
    TermBlock BlockOf(int place);
}
