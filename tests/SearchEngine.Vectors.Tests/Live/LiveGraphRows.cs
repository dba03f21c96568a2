using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Live;

namespace SearchEngine.Vectors.Tests.Live;

/// <summary>The graph of a live segment that no one writes to, as the validator reads it.</summary>
internal sealed class LiveGraphRows(LiveSegment segment) : IGraphRows
{
    private readonly LiveIndex _index = segment.Index!;

    public int Count => _index.LinkedBelow;

    public uint Unused => (uint)_index.Codes.Count;

    public IReadOnlyList<int> EntryPoints => [(int)_index.Entry.Ordinal];

    public int TopLevel => _index.Entry.Level;

    public int LevelOf(int ordinal) => _index.LevelOf((uint)ordinal);

    public int MaxLinks(int level) => _index.Levels[level].Width;

    public ReadOnlySpan<uint> Row(int level, int ordinal) => _index.Levels[level].Table.Row((uint)ordinal);

    public bool IsLive(int ordinal) => !segment.IsDead((uint)ordinal);
}
