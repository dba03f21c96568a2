using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Merge;

/// <summary>
/// Copies the graph of a source into the levels of a build, without its dead rows: a row that linked to dead ones gets the
/// best of what they led to, and keeps as many links as it had. Each row is written by one thread from the old graph
/// alone, so the outcome is the same on any number of threads.
/// </summary>
internal sealed class GraphCopy(MergePlan plan, CodeSpace space, IReadOnlyList<BuildLevel> levels)
{
    private readonly GraphSource _source = plan.Sources[0];
    private readonly uint[] _renamed = plan.Renamed[0];
    private int _healed;

    /// <summary>Link rows that named dead rows.</summary>
    public int Healed => _healed;

    public void Run(int threads, CancellationToken cancel) => MergeThreads.Run(_source.Count, threads, cancel, (from, to) =>
    {
        using var reader = new CodeSpaceReader(space);
        var chooser = new LinkChooser(reader, 1024);
        var crossing = new DeadCrossing();
        int healed = 0;
        for (uint old = (uint)from; old < (uint)to; old++)
        {
            if (_renamed[old] == uint.MaxValue)
            {
                continue;
            }
            for (int level = Math.Min(_source.LevelOf(old), levels.Count - 1); level >= 0; level--)
            {
                healed += Copy(level, old, chooser, crossing) ? 1 : 0;
            }
        }
        Interlocked.Add(ref _healed, healed);
    });

    private bool Copy(int level, uint old, LinkChooser chooser, DeadCrossing crossing)
    {
        ReadOnlySpan<uint> links = _source.Links(level, old);
        bool wounded = crossing.Run(new MortalSource(_source, _renamed, level), links);
        chooser.Begin(_renamed[old]);
        foreach (uint live in crossing.Live)
        {
            chooser.Add(_renamed[live]);
        }
        chooser.Measure();
        Span<uint> kept = stackalloc uint[crossing.Kept.Length];
        for (int i = 0; i < kept.Length; i++)
        {
            kept[i] = _renamed[crossing.Kept[i]];
        }
        levels[level].Replace(_renamed[old], wounded ? chooser.ChooseBeside(kept, links.Length) : chooser.Candidates);
        return wounded;
    }

    private readonly struct MortalSource(GraphSource source, uint[] renamed, int level) : IMortalGraph
    {
        public bool IsDead(uint ordinal) => renamed[ordinal] == uint.MaxValue;

        public int CopyLinks(uint ordinal, Span<uint> links)
        {
            ReadOnlySpan<uint> row = source.Links(level, ordinal);
            row.CopyTo(links);
            return row.Length;
        }
    }
}
