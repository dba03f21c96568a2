namespace SearchEngine.Vectors.Graph;

/// <summary>
/// Rows that equal an earlier row. They stay out of the choice of links: equal rows would fill each other's link rows
/// and become an island. Each group hangs below its first row as a tree of link rows instead, one slot of the first
/// row's links leads to it, so a walk that meets one meets them all.
/// </summary>
internal static class DuplicateRows
{
    /// <param name="firstOf">For every row the earliest equal row, itself when there is none. Rows from
    /// <paramref name="unique"/> on are duplicates, sorted by their first row.</param>
    public static void Attach(BuildLevel ground, int unique, ReadOnlySpan<uint> firstOf)
    {
        int fan = ground.Width - 2;
        int from = unique;
        while (from < firstOf.Length)
        {
            uint first = firstOf[from];
            int to = from;
            while (to < firstOf.Length && firstOf[to] == first)
            {
                to++;
            }
            LinkFirst(ground, first, (uint)from);
            for (int i = from; i < to; i++)
            {
                int place = i - from;
                uint parent = place == 0 ? first : (uint)(from + (place - 1) / fan);
                ground.Append((uint)i, new Neighbour(parent, 0f));
                for (int child = place * fan + 1; child <= place * fan + fan && from + child < to; child++)
                {
                    ground.Append((uint)i, new Neighbour((uint)(from + child), 0f));
                }
            }
            from = to;
        }
    }

    private static void LinkFirst(BuildLevel ground, uint first, uint duplicate)
    {
        if (ground.Degree(first) == ground.Width)
        {
            ground.RemoveFarthest(first);
        }
        ground.Append(first, new Neighbour(duplicate, 0f));
    }
}
