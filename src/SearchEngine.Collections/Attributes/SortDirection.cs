namespace SearchEngine.Collections.Attributes;

/// <summary>Which end of an order comes first.</summary>
internal enum SortDirection
{
    Ascending,
    Descending,
}
