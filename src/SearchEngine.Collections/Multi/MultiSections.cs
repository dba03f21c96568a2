using System.Globalization;

namespace SearchEngine.Collections.Multi;

/// <summary>Names of the file of multi vectors and of its sections. They stand on disk: never change one.</summary>
internal static class MultiSections
{
    public const string FileName = "multis";
    public const string Kind = "multis";

    /// <summary>i64 per document and one more: its first row, and where the last one's end.</summary>
    public static string Starts(int position) => Of("starts", position);

    /// <summary>The rows.</summary>
    public static string Rows(int position) => Of("rows", position);

    /// <summary>float32 per row: its length. Only of vectors that are compared by cosine.</summary>
    public static string Lengths(int position) => Of("lengths", position);

    private static string Of(string section, int position) => section + "-" + position.ToString(CultureInfo.InvariantCulture);
}
