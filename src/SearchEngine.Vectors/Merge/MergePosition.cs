namespace SearchEngine.Vectors.Merge;

/// <summary>How far the graph of a merge has come.</summary>
/// <param name="Rows">Rows that are in it, those of the standing graph included; 0 when nothing was done.</param>
/// <param name="Healed">As in <see cref="MergeReport"/>.</param>
internal readonly record struct MergePosition(int Rows, int Healed);
