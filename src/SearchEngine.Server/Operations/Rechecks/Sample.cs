using SearchEngine.Collections;
using SearchEngine.Server.Search;

namespace SearchEngine.Server.Operations.Rechecks;

/// <summary>A search that is to be run again exactly, with the view it was answered from.</summary>
internal sealed record Sample(string Collection, SearchOrder Order, SearchAnswer Answer, PinnedView View, string RequestId, DateTimeOffset Arrived) : IDisposable
{
    public void Dispose() => View.Dispose();
}
