using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Graph;

/// <summary>
/// Builds an HNSW graph in deterministic batches: the rows of a batch search the graph as it stood before the batch and
/// choose their links (parallel, read-only), then every target takes its links back, each target in one thread. No locks,
/// and the result depends on rows, levels and options, not on the number of threads. Rows come sorted by level, highest
/// first, so a row is on level l exactly when its ordinal is below the size of that level, and row 0 is the entry point.
/// </summary>
internal sealed class GraphBuilder : IDisposable
{
    private readonly CodeSpace _space;
    private readonly int _unique;
    private readonly GraphBuildOptions _options;
    private readonly BuildLevel[] _levels;
    private readonly BuildBatch[] _batches;
    private readonly BuildWorker[] _workers;

    /// <param name="space">The rows, in insertion order.</param>
    /// <param name="levelCounts">Rows on level 1, level 2, ...; falling.</param>
    /// <param name="unique">Rows that equal no earlier row; the others come behind them.</param>
    public GraphBuilder(CodeSpace space, IReadOnlyList<int> levelCounts, int unique, GraphBuildOptions options)
    {
        _space = space;
        _unique = unique;
        _options = options;
        uint padding = (uint)space.Count;
        _levels = new BuildLevel[levelCounts.Count + 1];
        _batches = new BuildBatch[_levels.Length];
        for (int level = 0; level < _levels.Length; level++)
        {
            int width = level == 0 ? options.MaxBaseLinks : options.MaxLinks;
            _levels[level] = new BuildLevel(level == 0 ? space.Count : levelCounts[level - 1], width, padding);
            _batches[level] = new BuildBatch(width);
        }
        Entries = EntryPoints.Choose(space, levelCounts, options.Seed);
        _workers = new BuildWorker[options.Threads];
        for (int i = 0; i < _workers.Length; i++)
        {
            _workers[i] = new BuildWorker(space, _levels, Entries, options);
        }
    }

    public IReadOnlyList<BuildLevel> Levels => _levels;

    /// <summary>Where walks start, see <see cref="EntryPoints"/>.</summary>
    public uint[] Entries { get; }

    /// <summary>Rows that no link led to after the build and that were linked then.</summary>
    public int Repaired { get; private set; }

    /// <param name="firstOf">For every row the earliest equal row; see <see cref="DuplicateRows"/>.</param>
    public void Build(ReadOnlySpan<uint> firstOf, CancellationToken cancel)
    {
        int standing = Math.Min(1, _unique);
        Extend((uint)standing, _unique - standing, standing, null, cancel);
        Finish(firstOf);
    }

    /// <summary>Inserts a range of rows into the graph as it stands.</summary>
    /// <param name="standing">Rows that are in the graph already, row 0 among them.</param>
    /// <param name="starts">What is known to be near to each row, if anything is.</param>
    /// <param name="between">Told before each batch how many of the rows are in. One that goes on from there gives the same graph.</param>
    public void Extend(
        uint first, int count, int standing, IStartRows? starts, CancellationToken cancel, Action<int>? between = null)
    {
        for (int done = 0; done < count;)
        {
            between?.Invoke(done);
            cancel.ThrowIfCancellationRequested();
            int batch = Math.Min(Math.Clamp((standing + done) / _options.BatchShare, 1, _options.MaxBatch), count - done);
            Insert(first + (uint)done, batch, starts);
            done += batch;
        }
    }

    /// <summary>Attaches duplicates and links what cannot be reached.</summary>
    public void Finish(ReadOnlySpan<uint> firstOf)
    {
        DuplicateRows.Attach(_levels[0], _unique, firstOf);
        if (_space.Count > 0)
        {
            Repaired = ReachabilityRepair.Run(_levels[0], 0, _workers[0].FindNearest);
        }
    }

    public void Dispose()
    {
        foreach (BuildWorker worker in _workers)
        {
            worker.Dispose();
        }
        foreach (BuildLevel level in _levels)
        {
            level.Dispose();
        }
    }

    private void Insert(uint first, int count, IStartRows? starts)
    {
        foreach (BuildBatch batch in _batches)
        {
            batch.Begin(first, count);
        }
        InParallel(count, 8, (worker, i) => worker.Choose(first + (uint)i, _batches, starts));
        for (int level = 0; level < _levels.Length && first < (uint)_levels[level].Count; level++)
        {
            LinkBack(_levels[level], _batches[level], count);
        }
    }

    private void LinkBack(BuildLevel level, BuildBatch batch, int rows)
    {
        int edges = batch.Group(rows);
        var starts = new List<int>(edges);
        for (int e = 0; e < edges; e++)
        {
            if (e == 0 || batch.TargetAt(e) != batch.TargetAt(e - 1))
            {
                starts.Add(e);
            }
        }
        starts.Add(edges);
        InParallel(starts.Count - 1, 64, (worker, i) => worker.LinkBack(level, batch, starts[i], starts[i + 1]));
    }

    /// <summary>Hands out items in small blocks, so that an expensive one does not hold up the others.</summary>
    private void InParallel(int count, int block, Action<BuildWorker, int> run)
    {
        int next = 0;
        if (_workers.Length == 1 || count <= block)
        {
            Work(_workers[0]);
            return;
        }
        Parallel.For(0, _workers.Length, CallersThreads.Options(_workers.Length), w => Work(_workers[w]));

        void Work(BuildWorker worker)
        {
            int from;
            while ((from = Interlocked.Add(ref next, block) - block) < count)
            {
                for (int i = from; i < Math.Min(from + block, count); i++)
                {
                    run(worker, i);
                }
            }
        }
    }
}
