using System.Globalization;

namespace SearchEngine.Collections.Attributes;

/// <summary>Names of the sections of an `attributes` file; those of a column begin with its position in the schema.</summary>
internal static class ColumnSections
{
    public const string FileName = "attributes";
    public const string Kind = "attributes";

    public const string Rows = "rows";
    public const string Columns = "columns";

    public const string Existing = "existing";
    public const string Values = "values";
    public const string TextEnds = "text-ends";
    public const string Texts = "texts";
    public const string Starts = "starts";
    public const string Ordinals = "ordinals";
    public const string DenseCodes = "dense-codes";
    public const string DenseCounts = "dense-counts";
    public const string DenseRows = "dense-rows";
    public const string RowCodes = "row-codes";
    public const string Cells = "cells";
    public const string Places = "places";

    public static string Of(int position, string name) => string.Create(CultureInfo.InvariantCulture, $"{position}.{name}");
}
