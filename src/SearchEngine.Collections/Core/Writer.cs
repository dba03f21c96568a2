using System.Collections.Concurrent;
using SearchEngine.Collections.Writes;

namespace SearchEngine.Collections.Core;

/// <summary>
/// The one thread that changes a collection: takes all batches that wait, writes them to the log with one sync (but one that asks for its
/// own sync alone), shows them in one new view, acknowledges them. While it syncs, the next group gathers.
/// </summary>
internal sealed class Writer : IDisposable
{
    private const int MaxWaiting = 1024;
    private const int MaxGroupOperations = 8192;
    private static readonly TimeSpan IdleSync = TimeSpan.FromMilliseconds(100);

    private readonly BlockingCollection<PendingBatch> _waiting = new(MaxWaiting);
    private readonly GroupCommit _commit;
    private readonly Thread _thread;

    public Writer(GroupCommit commit, string name)
    {
        _commit = commit;
        _thread = new Thread(Run) { Name = "writer " + name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Hands a batch over. Blocks while very many wait.</summary>
    public Task<WriteReport> Submit(PendingBatch batch, CancellationToken cancel)
    {
        try
        {
            _waiting.Add(batch, cancel);
        }
        catch (InvalidOperationException closed)
        {
            throw new CollectionException(CollectionError.Closed, "", "The collection is being closed.", "Open it again.", closed);
        }
        return batch.Done.Task;
    }

    /// <summary>Finishes what waits, then ends.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        _thread.Join();
        _waiting.Dispose();
        _commit.Dispose();
    }

    private void Run()
    {
        var group = new List<PendingBatch>();
        while (!_waiting.IsCompleted)
        {
            if (!_waiting.TryTake(out PendingBatch? first, IdleSync))
            {
                _commit.SyncIdle();
                continue;
            }
            group.Add(first);
            int operations = first.Writes.Count;
            while (operations < MaxGroupOperations && !IsAlone(group[^1]) && _waiting.TryTake(out PendingBatch? next))
            {
                if (IsAlone(next))
                {
                    _commit.Run(group);
                }
                group.Add(next);
                operations += next.Writes.Count;
            }
            _commit.Run(group);
        }
        _commit.SyncIdle();
    }

    private static bool IsAlone(PendingBatch batch) => batch.Level == AckLevel.LoggedEach;
}
