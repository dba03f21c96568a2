using System.Globalization;

namespace SearchEngine.Collections.Segments;

/// <summary>Names of the files of a document segment and of the sections in them. They stand on disk: never change one.</summary>
internal static class SegmentNames
{
    public const string Ids = "ids";
    public const string Bodies = "bodies";

    /// <summary>Section of <see cref="Ids"/>: <see cref="SegmentShape"/>.</summary>
    public const string Shape = "shape";

    /// <summary>u64 per row: the number, or where its text lies.</summary>
    public const string Values = "values";

    /// <summary>A bit per row: the id is a text. Missing when none is.</summary>
    public const string Kinds = "kinds";

    /// <summary>UTF-8 of the texts. Missing when there is none.</summary>
    public const string Texts = "texts";

    /// <summary>u64 per slot, see <see cref="IdTable"/>.</summary>
    public const string Table = "table";

    /// <summary>Section of <see cref="Bodies"/>: the bytes of all bodies.</summary>
    public const string Heap = "heap";

    /// <summary>i64 per row and one more: where each body begins, and where the last one ends.</summary>
    public const string Offsets = "offsets";

    /// <summary>u64 per row.</summary>
    public const string Versions = "versions";

    /// <summary>u32 per row: the row of the document in a vector that is not the first.</summary>
    public static string Rows(int vector) => "rows-" + vector.ToString(CultureInfo.InvariantCulture);

    /// <summary>Directory of a vector's files, by position in the schema.</summary>
    public static string Vectors(int vector) => "vectors-" + vector.ToString(CultureInfo.InvariantCulture);
}
