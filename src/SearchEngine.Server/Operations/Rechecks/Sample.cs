using SearchEngine.Collections;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Operations.Rechecks;

/// <summary>A search by a vector that is to be run again exactly, with the view it was answered from.</summary>
internal sealed record Sample(
    string Collection, Engine.SearchRequest Request, Engine.SearchResult Result, PinnedView View, string RequestId, DateTimeOffset Arrived) : IDisposable
{
    public void Dispose() => View.Dispose();
}
