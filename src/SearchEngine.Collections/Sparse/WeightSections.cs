using System.Globalization;
using SearchEngine.Collections.Postings;

namespace SearchEngine.Collections.Sparse;

/// <summary>Names of the sections of a `weights` file; those of a sparse vector begin with its position in the schema.</summary>
internal static class WeightSections
{
    public const string FileName = "weights";
    public const string Kind = "weights";

    /// <summary>i64: rows of the segment, rows that have the vector.</summary>
    public const string Counts = "counts";

    /// <summary>u32, ascending: the dimensions that any document has.</summary>
    public const string Dimensions = "dimensions";

    public static string Of(int position, string name) => string.Create(CultureInfo.InvariantCulture, $"{position}.{name}");

    /// <summary>Values and bounds are the bits of float32.</summary>
    public static PostingSections PostingsOf(int position) => new(
        Of(position, "starts"), Of(position, "run-starts"), Of(position, "rows"), Of(position, "weights"),
        Of(position, "run-greatest"), Of(position, "run-least"));
}
