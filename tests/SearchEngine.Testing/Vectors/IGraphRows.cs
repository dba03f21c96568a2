namespace SearchEngine.Testing.Vectors;

/// <summary>
/// A graph as its validator sees it: rows of links per level, slots without a link filled with <see cref="Unused"/>.
/// </summary>
public interface IGraphRows
{
    int Count { get; }

    /// <summary>The value of a slot without a link; such slots stand only at the end of a row.</summary>
    uint Unused { get; }

    IReadOnlyList<int> EntryPoints { get; }

    /// <summary>
    /// The highest level that has rows; 0 when there is only the ground level, -1 when the graph is empty.
    /// </summary>
    int TopLevel { get; }

    /// <summary>The highest level this ordinal stands on.</summary>
    int LevelOf(int ordinal);

    int MaxLinks(int level);

    ReadOnlySpan<uint> Row(int level, int ordinal);

    /// <summary>False for tombstones: they need not be reachable, and live rows need not link to them.</summary>
    bool IsLive(int ordinal);
}
