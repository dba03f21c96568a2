namespace SearchEngine.Vectors;

/// <summary>
/// Loops over rows run on the threads of the caller's task scheduler, so that who builds beside searches decides how important that is.
/// </summary>
/// <remarks>
/// 2026-11-26: by default a parallel loop that outlives a time slice is handed on to threads of the pool, also when it was given one
/// thread: merges began on a thread of low priority and went on at the priority of searches.
/// </remarks>
internal static class CallersThreads
{
    /// <param name="most">Threads at once.</param>
    public static ParallelOptions Options(int most, CancellationToken cancel = default) =>
        new() { MaxDegreeOfParallelism = most, CancellationToken = cancel, TaskScheduler = TaskScheduler.Current };
}
