namespace SearchEngine.Collections.Views;

/// <summary>A row of a view: which of its sources (segments first, then live ones), and the ordinal there.</summary>
internal readonly record struct RowAddress(int Source, uint Ordinal);
