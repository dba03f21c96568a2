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
            if (!TryLink())
            {
                _stop.Token.WaitHandle.WaitOne(Pause);
            }
        }
    }

    // Rows that are not linked are scanned: a failure costs time, no answer.
    private bool TryLink()
    {
        try
        {
            bool linked = _state.LinkSome(AtOnce);
            _state.Health.Recovered(CollectionHealth.Linking);
            return linked;
        }
        catch (Exception failure)
        {
            _state.Health.Report(CollectionHealth.Linking, failure);
            return false;
        }
    }
}
