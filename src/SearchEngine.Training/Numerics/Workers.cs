namespace SearchEngine.Training.Numerics;

/// <summary>
/// Work shared out by result: every item writes what no other item writes and adds up in its own order, so the number of threads
/// changes nothing but the time.
/// </summary>
internal sealed class Workers(int threads, CancellationToken cancel = default)
{
    private readonly ParallelOptions _options = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancel };

    public void For(int count, Action<int> item)
    {
        if (threads == 1)
        {
            cancel.ThrowIfCancellationRequested();
            for (var i = 0; i < count; i++)
                item(i);
            return;
        }
        Parallel.For(0, count, _options, item);
    }

    /// <summary>The same with scratch memory, one per thread at work; an item must leave nothing in it that the next one reads.</summary>
    public void For<TScratch>(int count, Func<TScratch> scratch, Action<int, TScratch> item) =>
        Parallel.For(0, count, _options, scratch, (i, _, own) => { item(i, own); return own; }, _ => { });
}
