namespace SearchEngine.Collections.Attributes;

/// <summary>A row and the value it is ordered by.</summary>
internal readonly record struct OrderedRow(uint Row, SortKey Key);
