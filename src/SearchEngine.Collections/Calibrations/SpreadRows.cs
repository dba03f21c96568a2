using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Calibrations;

/// <summary>Rows of a view that have a vector, evenly spread over the segments and within each.</summary>
internal static class SpreadRows
{
    /// <returns>Fewer where there are fewer.</returns>
    public static RowAddress[] Of(View view, int vector, int count)
    {
        List<RowAddress> rows = [];
        for (int source = 0; source < view.Sources.Count; source++)
        {
            foreach (uint row in new RowEnumerator(view.Sources[source].Alive))
            {
                if (view.Sources[source].TryVectorRow(vector, row, out _))
                {
                    rows.Add(new RowAddress(source, row));
                }
            }
        }
        int taken = Math.Min(count, rows.Count);
        return [.. Enumerable.Range(0, taken).Select(i => rows[(int)((long)i * rows.Count / taken)])];
    }
}
