using System.Runtime.InteropServices;
using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Tests.Quality;

/// <summary>The links of a segment as the validator reads them.</summary>
internal sealed class SegmentGraph(SegmentParts parts) : IGraphRows
{
    public int Count => parts.Count;

    public uint Unused => (uint)parts.Count;

    /// <summary>Everything is reachable from the first; the others only shorten the way.</summary>
    public IReadOnlyList<int> EntryPoints => [.. parts.EntryPoints.Take(1).Select(e => (int)e)];

    public int TopLevel => parts.Count == 0 ? -1 : parts.LevelCounts.Count;

    public int LevelOf(int ordinal) => parts.LevelCounts.Count(size => ordinal < size);

    public int MaxLinks(int level) => level == 0 ? 2 * parts.MaxLinks : parts.MaxLinks;

    public ReadOnlySpan<uint> Row(int level, int ordinal)
    {
        RowMemory rows = level == 0 ? parts.Links : parts.Upper!;
        int first = parts.LevelCounts.Take(level - 1).Sum();
        return MemoryMarshal.Cast<byte, uint>(rows.Row((uint)((level == 0 ? 0 : first) + ordinal)));
    }

    public bool IsLive(int ordinal) => true;
}
