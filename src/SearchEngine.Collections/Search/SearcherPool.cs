using System.Collections.Concurrent;

namespace SearchEngine.Collections.Search;

/// <summary>
/// Searchers of one vector of one segment: each owns the scratch of a search, a few bytes per row, so they are lent from search to
/// search instead of being made for each.
/// </summary>
internal sealed class SearcherPool<T>(Func<T> make) : IDisposable
    where T : class, IDisposable
{
    private readonly ConcurrentBag<T> _idle = [];

    public T Rent() => _idle.TryTake(out T? searcher) ? searcher : make();

    public void Return(T searcher) => _idle.Add(searcher);

    public void Dispose()
    {
        while (_idle.TryTake(out T? searcher))
        {
            searcher.Dispose();
        }
    }
}
