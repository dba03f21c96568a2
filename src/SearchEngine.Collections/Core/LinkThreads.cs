using SearchEngine.Collections.Segments;

namespace SearchEngine.Collections.Core;

/// <summary>Link the rows that writes leave behind into the graphs of the live segment. Until then searches scan them.</summary>
internal sealed class LinkThreads : IDisposable
{
    private const int AtOnce = 64;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly CollectionState _state;
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread[] _threads;

    public LinkThreads(CollectionState state, string name)
    {
        _state = state;
        _threads = new Thread[state.Settings.LinkThreads];
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Run) { Name = $"link {i} {name}", IsBackground = true };
            _threads[i].Start();
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        Array.ForEach(_threads, static t => t.Join());
        _stop.Dispose();
    }

    private void Run()
    {
        BackgroundPriority.Lower();
        while (!_stop.IsCancellationRequested)
        {
            using (Views.ViewLease lease = _state.Views.Lease())
            {
                LiveDocuments live = lease.View.Sources[^1].Live!;
                if (TryLink(live))
                {
                    continue;
                }
            }
            _stop.Token.WaitHandle.WaitOne(Pause);
        }
    }

    private bool TryLink(LiveDocuments live)
    {
        _state.Linking.EnterReadLock();
        try
        {
            return !live.IsSealed && live.LinkSome(AtOnce) > 0;
        }
        finally
        {
            _state.Linking.ExitReadLock();
        }
    }
}
