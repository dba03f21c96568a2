namespace SearchEngine.Collections.Tests.Segments;

/// <summary>Holds the first file operation of a kind until it is told to go on.</summary>
internal sealed class StandingOperation(Predicate<string> kind) : IDisposable
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _goOn = new();

    public Task Reached => _reached.Task;

    public void Before(string operation)
    {
        if (kind(operation) && _reached.TrySetResult())
        {
            _goOn.Wait();
        }
    }

    public void GoOn() => _goOn.Set();

    public void Dispose() => _goOn.Dispose();
}
