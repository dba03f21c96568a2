namespace SearchEngine.Collections.Views;

/// <summary>Holds a view until disposed.</summary>
internal readonly struct ViewLease(View view) : IDisposable
{
    public View View { get; } = view;

    public void Dispose() => View.Release();
}
