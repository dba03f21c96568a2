using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>Copies a built graph into link rows in their final order.</summary>
internal static class LinkWriter
{
    /// <param name="final">For every new ordinal the old one.</param>
    public static void Write(IReadOnlyList<BuildLevel> levels, uint[] final, RowMemory links, RowMemory? upper)
    {
        uint padding = (uint)final.Length;
        var renamed = new uint[final.Length];
        for (uint i = 0; i < final.Length; i++)
        {
            renamed[final[i]] = i;
        }
        int upperRow = 0;
        for (int level = 0; level < levels.Count; level++)
        {
            for (int i = 0; i < levels[level].Count; i++)
            {
                Span<uint> row = level == 0 ? links.RowAs<uint>((uint)i) : upper!.RowAs<uint>((uint)upperRow++);
                ReadOnlySpan<uint> old = levels[level].Links(final[i]);
                for (int j = 0; j < old.Length; j++)
                {
                    row[j] = renamed[old[j]];
                }
                row[old.Length..].Fill(padding);
            }
        }
    }
}
