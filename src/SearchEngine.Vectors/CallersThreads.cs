namespace SearchEngine.Vectors;

/// <summary>
/// Loops over rows run on the threads of the caller's task scheduler, so that who builds beside searches decides how important that is.
/// </summary>
/// <remarks>
/// 2026-11-26: by default a parallel loop of more than one thread takes threads of the pool, and may hand itself over to them: merges
/// began on a thread of low priority and went on at the priority of searches. The root of a loop of one thread stays where it is.
/// </remarks>
internal static class CallersThreads
{
    /// <param name="most">Threads at once.</param>
    public static ParallelOptions Options(int most, CancellationToken cancel = default) =>
        new() { MaxDegreeOfParallelism = most, CancellationToken = cancel, TaskScheduler = TaskScheduler.Current };
}
