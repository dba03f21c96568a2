using SearchEngine.Vectors.Graph;

namespace SearchEngine.Vectors.Merge;

/// <summary>
/// The neighbours a row had in its own graph, as far as they have been inserted: where it belongs in the merged graph too
/// (the idea of Lucene's graph merge).
/// </summary>
internal sealed class OldNeighbours(MergePlan plan) : IStartRows
{
    public int Find(uint ordinal, uint inserted, Span<uint> rows)
    {
        (int source, uint old) = plan.At(ordinal);
        int count = 0;
        if (plan.Sources[source].Calibration is null)
        {
            return 0;
        }
        foreach (uint link in plan.Sources[source].Links(0, old))
        {
            uint row = plan.Renamed[source][link];
            // Rows are inserted in the order of their new ordinals, so this says whether the link is in.
            if (row < inserted && count < rows.Length)
            {
                rows[count++] = row;
            }
        }
        return count;
    }
}
