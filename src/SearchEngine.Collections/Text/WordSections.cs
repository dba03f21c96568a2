using System.Globalization;

namespace SearchEngine.Collections.Text;

/// <summary>Names of the sections of a `words` file; those of a field begin with its position in the schema.</summary>
internal static class WordSections
{
    public const string FileName = "words";
    public const string Kind = "words";

    /// <summary>Postings of a field: their places are i32.</summary>
    public const long MaxPairs = int.MaxValue;

    /// <summary>Postings of a run that share a bound.</summary>
    public const int BlockPostings = 128;

    /// <summary>i64: rows with words, words.</summary>
    public const string Sums = "sums";

    /// <summary>u32 per row: words.</summary>
    public const string Lengths = "lengths";

    /// <summary>UTF-8 of the words, ascending by their bytes.</summary>
    public const string Words = "words";

    /// <summary>i64 per word: where it ends.</summary>
    public const string WordEnds = "word-ends";

    /// <summary>i32 per word and one more: its first posting.</summary>
    public const string Starts = "starts";

    /// <summary>i32 per word and one more: its first run.</summary>
    public const string BlockStarts = "block-starts";

    public const string Rows = "rows";
    public const string Frequencies = "frequencies";
    public const string BlockFrequencies = "block-frequencies";
    public const string BlockLengths = "block-lengths";

    public static string Of(int position, string name) => string.Create(CultureInfo.InvariantCulture, $"{position}.{name}");
}
