namespace SearchEngine.Vectors.Graph;

/// <summary>
/// The order in which a segment stores its rows: by level, highest first, and inside a level in the order a breadth-first
/// walk of level 0 meets them. Neighbours share pages and lines; worth 8 to 10 % (2026-11-20).
/// </summary>
internal static class LinkOrder
{
    /// <returns>For every new ordinal the old one.</returns>
    public static uint[] Compute(IReadOnlyList<BuildLevel> levels)
    {
        int count = levels[0].Count;
        var met = new uint[count];
        var seen = new bool[count];
        int tail = 0;
        uint nextUnseen = 0;
        for (int head = 0; head < count; head++)
        {
            if (head == tail)
            {
                while (seen[nextUnseen])
                {
                    nextUnseen++;
                }
                Meet(nextUnseen);
            }
            foreach (uint link in levels[0].Links(met[head]))
            {
                Meet(link);
            }
        }
        return ByLevel(levels, met);

        void Meet(uint ordinal)
        {
            if (!seen[ordinal])
            {
                seen[ordinal] = true;
                met[tail++] = ordinal;
            }
        }
    }

    // Rows were inserted highest level first, so the group of an ordinal follows from the level sizes alone.
    private static uint[] ByLevel(IReadOnlyList<BuildLevel> levels, uint[] met)
    {
        var order = new uint[met.Length];
        int at = 0;
        for (int level = levels.Count - 1; level >= 0; level--)
        {
            uint from = level + 1 < levels.Count ? (uint)levels[level + 1].Count : 0, to = (uint)levels[level].Count;
            foreach (uint ordinal in met)
            {
                if (ordinal >= from && ordinal < to)
                {
                    order[at++] = ordinal;
                }
            }
        }
        return order;
    }
}
