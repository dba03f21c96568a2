using System.Globalization;
using SearchEngine.Collections.Postings;

namespace SearchEngine.Collections.Text;

/// <summary>Names of the sections of a `words` file; those of a field begin with its position in the schema.</summary>
internal static class WordSections
{
    public const string FileName = "words";
    public const string Kind = "words";

    /// <summary>i64: rows with words, words.</summary>
    public const string Sums = "sums";

    /// <summary>u32 per row: words.</summary>
    public const string Lengths = "lengths";

    /// <summary>UTF-8 of the words, ascending by their bytes.</summary>
    public const string Words = "words";

    /// <summary>i64 per word: where it ends.</summary>
    public const string WordEnds = "word-ends";

    public static PostingSections PostingsOf(int position) => new(
        Of(position, "starts"), Of(position, "block-starts"), Of(position, "rows"), Of(position, "frequencies"),
        Of(position, "block-frequencies"), Of(position, "block-lengths"));

    public static string Of(int position, string name) => string.Create(CultureInfo.InvariantCulture, $"{position}.{name}");
}
