namespace SearchEngine.Vectors.Merge;

/// <summary>Runs a merge's passes over rows on several threads, in blocks; no result depends on who ran which.</summary>
internal static class MergeThreads
{
    private const int Block = 1024;

    public static void Run(int count, int threads, CancellationToken cancel, Action<int, int> run)
    {
        Parallel.For(0, (count + Block - 1) / Block, CallersThreads.Options(threads, cancel), b => run(b * Block, Math.Min(count, (b + 1) * Block)));
    }
}
