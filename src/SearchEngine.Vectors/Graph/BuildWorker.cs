using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Graph;

/// <summary>One thread's part of a build: finds the links of a row, and takes links back into a row.</summary>
internal sealed class BuildWorker : IDisposable
{
    /// <summary>More new links than this for one row in one batch: the farthest would never be chosen.</summary>
    private const int MaxNewLinks = 128;

    /// <summary>With fewer known rows nearby a walk may be on the wrong side of a valley.</summary>
    private const int MinStarts = 3;
    private const int MaxStarts = 8;

    private readonly BuildLevel[] _levels;
    private readonly GraphBuildOptions _options;
    private readonly CodeSpaceReader _reader;
    private readonly LinkSelector _selector;
    private readonly WalkScratch _scratch;
    private readonly StartFinder _starts;
    private readonly uint[] _ordinals;
    private readonly float[] _distances;
    private readonly Neighbour[] _candidates;
    private readonly Neighbour[] _chosen;

    public BuildWorker(CodeSpace space, BuildLevel[] levels, uint[] entries, GraphBuildOptions options)
    {
        _levels = levels;
        _options = options;
        _reader = new CodeSpaceReader(space);
        _selector = new LinkSelector(_reader);
        _scratch = new WalkScratch(space.Count);
        _starts = new StartFinder([.. levels.Select(l => l.Table)], entries);
        int most = Math.Max(Math.Max(options.Breadth, options.NearBreadth), options.MaxBaseLinks + MaxNewLinks) + 4;
        _ordinals = new uint[most];
        _distances = new float[most];
        _candidates = new Neighbour[most];
        _chosen = new Neighbour[options.MaxBaseLinks];
    }

    /// <summary>Searches the graph for <paramref name="ordinal"/> and chooses its links on every level it is on.</summary>
    public void Choose(uint ordinal, BuildBatch[] batches, IStartRows? starts)
    {
        if (starts is not null && (_levels.Length == 1 || ordinal >= (uint)_levels[1].Count) && TryChooseNear(ordinal, batches[0], starts))
        {
            return;
        }
        CodeScorer scorer = _reader.ScorerTowards(ordinal);
        int top = TopOf(ordinal), count = 0;
        Span<uint> near = stackalloc uint[MaxStarts];
        foreach (Candidate<int> start in _starts.Find(scorer, top, batches[0].First, _scratch))
        {
            near[count++] = start.Ordinal;
        }
        for (int level = top; level >= 0; level--)
        {
            BuildLevel rows = _levels[level];
            _scratch.Reset(_options.Breadth, _options.Breadth);
            if (level == 0 && _reader.SignScorer is SignScorer signs)
            {
                // Estimates find the same candidates; their distances are measured on codes below.
                WalkFrom(signs, rows, near[..count]);
            }
            else
            {
                WalkFrom(scorer, rows, near[..count]);
            }
            near[0] = _scratch.Pool.OrdinalAt(0);
            count = 1;
            Take(ordinal, rows, batches[level], level == 0 ? _options.OwnBaseLinks : _options.MaxLinks);
        }
    }

    /// <summary>The rows nearest to <paramref name="ordinal"/> that a walk reaches, nearest first.</summary>
    public int FindNearest(uint ordinal, Neighbour[] nearest)
    {
        CodeScorer scorer = _reader.ScorerTowards(ordinal);
        ReadOnlySpan<Candidate<int>> starts = _starts.Find(scorer, _scratch);
        _scratch.Reset(_options.Breadth, _options.Breadth);
        foreach (Candidate<int> start in starts)
        {
            _scratch.Start(start);
        }
        GraphSearcher.Walk(scorer, _levels[0].Table, _scratch, StopRule.Breadth);
        ReadOnlySpan<Neighbour> found = MeasurePool(ordinal);
        int count = Math.Min(found.Length, nearest.Length);
        found[..count].CopyTo(nearest);
        return count;
    }

    /// <summary>Gives the target of edges <paramref name="from"/> .. <paramref name="to"/> its links back.</summary>
    public void LinkBack(BuildLevel level, BuildBatch batch, int from, int to)
    {
        uint target = batch.TargetAt(from);
        int degree = level.Degree(target), added = to - from;
        if (degree + added <= level.Width)
        {
            for (int e = from; e < to; e++)
            {
                level.Append(target, batch.LinkAt(e));
            }
            return;
        }
        int count = CollectNew(batch, from, to);
        for (int slot = 0; slot < degree; slot++)
        {
            _candidates[count++] = level.Link(target, slot);
        }
        Span<Neighbour> candidates = _candidates.AsSpan(0, count);
        foreach (Neighbour candidate in candidates)
        {
            _reader.PrefetchCode(candidate.Ordinal);
        }
        candidates.Sort();
        int chosen = _selector.Select(candidates, _chosen.AsSpan(0, level.Width));
        level.Replace(target, _chosen.AsSpan(0, chosen));
    }

    public void Dispose()
    {
        _reader.Dispose();
        _scratch.Dispose();
    }

    private int TopOf(uint ordinal)
    {
        int top = _levels.Length - 1;
        while (ordinal >= (uint)_levels[top].Count)
        {
            top--;
        }
        return top;
    }

    private int CollectNew(BuildBatch batch, int from, int to)
    {
        if (to - from <= MaxNewLinks)
        {
            for (int e = from; e < to; e++)
            {
                _candidates[e - from] = batch.LinkAt(e);
            }
            return to - from;
        }
        var all = new Neighbour[to - from];
        for (int e = from; e < to; e++)
        {
            all[e - from] = batch.LinkAt(e);
        }
        all.AsSpan().Sort();
        all.AsSpan(0, MaxNewLinks).CopyTo(_candidates);
        return MaxNewLinks;
    }

    // Rows that are known to be near replace the descent, and a narrower walk from them the wide one from afar.
    private bool TryChooseNear(uint ordinal, BuildBatch batch, IStartRows starts)
    {
        Span<uint> near = stackalloc uint[MaxStarts];
        int count = starts.Find(ordinal, batch.First, near);
        if (count < MinStarts)
        {
            return false;
        }
        CodeScorer scorer = _reader.ScorerTowards(ordinal);
        _scratch.Reset(_options.NearBreadth, Math.Max(_options.NearBreadth, _options.Breadth));
        if (_reader.SignScorer is SignScorer signs)
        {
            WalkFrom(signs, _levels[0], near[..count]);
        }
        else
        {
            WalkFrom(scorer, _levels[0], near[..count]);
        }
        Take(ordinal, _levels[0], batch, _options.OwnBaseLinks);
        return true;
    }

    private void WalkFrom<TScorer>(in TScorer scorer, BuildLevel rows, ReadOnlySpan<uint> near)
        where TScorer : struct, IRowScorer
    {
        foreach (uint row in near)
        {
            _scratch.Start(Descent.ScoreOne(scorer, row, _scratch));
        }
        GraphSearcher.Walk(scorer, rows.Table, _scratch, StopRule.Breadth);
    }

    private void Take(uint ordinal, BuildLevel rows, BuildBatch batch, int most)
    {
        int chosen = _selector.Select(MeasurePool(ordinal), _chosen.AsSpan(0, most));
        rows.Replace(ordinal, _chosen.AsSpan(0, chosen));
        batch.Set(ordinal, _chosen.AsSpan(0, chosen));
    }

    // The walk ranks by query form, the choice of links needs true distances between codes. The order hardly changes,
    // so an insertion sort is nearly linear here.
    private ReadOnlySpan<Neighbour> MeasurePool(uint ordinal)
    {
        CandidatePool pool = _scratch.Pool;
        int count = pool.Count;
        for (int i = 0; i < count; i++)
        {
            _ordinals[i] = pool.OrdinalAt(i);
            _reader.PrefetchCode(_ordinals[i]);
        }
        for (int i = count; i < count + 3; i++)
        {
            _ordinals[i] = _ordinals[count - 1];
        }
        _reader.SetOrigin(ordinal);
        for (int i = 0; i < count; i += 4)
        {
            _reader.Distances(_ordinals.AsSpan(i, 4), _distances.AsSpan(i, 4));
        }
        for (int i = 0; i < count; i++)
        {
            var candidate = new Neighbour(_ordinals[i], _distances[i]);
            int at = i;
            while (at > 0 && _candidates[at - 1].CompareTo(candidate) > 0)
            {
                _candidates[at] = _candidates[at - 1];
                at--;
            }
            _candidates[at] = candidate;
        }
        return _candidates.AsSpan(0, count);
    }
}
