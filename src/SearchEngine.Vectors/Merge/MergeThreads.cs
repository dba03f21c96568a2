namespace SearchEngine.Vectors.Merge;

/// <summary>Runs a merge's passes over rows on several threads, in blocks; no result depends on who ran which.</summary>
internal static class MergeThreads
{
    private const int Block = 1024;

    public static void Run(int count, int threads, CancellationToken cancel, Action<int, int> run)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel };
        Parallel.For(0, (count + Block - 1) / Block, options, b => run(b * Block, Math.Min(count, (b + 1) * Block)));
    }
}
