using SearchEngine.Collections.Core;
using SearchEngine.Collections.Multi;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Search.Diversity;
using SearchEngine.Collections.Search.Groups;
using SearchEngine.Collections.Sparse;
using SearchEngine.Collections.Text;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections;

/// <summary>
/// A collection as it was when it was pinned: searches of it give the same answers however much is written meanwhile. It holds up
/// the files and memory of what it shows, so dispose it soon.
/// </summary>
public sealed class PinnedView : IDisposable
{
    private readonly CollectionState _state;
    private readonly ViewLease _lease;
    private int _disposed;

    internal PinnedView(CollectionState state)
    {
        _state = state;
        _lease = state.Views.Lease();
    }

    /// <summary>Sequence of the newest write that is seen.</summary>
    public ulong Sequence => _lease.View.Sequence;

    /// <exception cref="OperationCanceledException">Cancelled, and the request does not allow partial results.</exception>
    public SearchResult Search(SearchRequest request, CancellationToken cancel = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return ViewSearch.Run(_lease.View, request, _state.Settings, null, _state.Clock, cancel);
    }

    /// <summary>Searches until so many groups as the request counts hits are full, or matches end.</summary>
    /// <param name="request">By one query or several, without a second stage.</param>
    /// <param name="progress">Told the plan; null for nobody. What is found on the way is not shown.</param>
    /// <exception cref="OperationCanceledException">Cancelled, and the request does not allow partial results.</exception>
    public GroupedResult SearchGrouped(
        QueryRequest request, HitGrouping grouping, ISearchProgress? progress = null, CancellationToken cancel = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return new GroupedSearch(_lease.View, request, grouping, _state.Settings, _state.Clock, cancel).Run(progress);
    }

    /// <summary>Searches for candidates and chooses hits among them that differ from each other.</summary>
    /// <param name="request">By a dense vector, or by several queries with one among them.</param>
    /// <param name="progress">Sees the candidates, none of which is final; null for nobody.</param>
    /// <exception cref="OperationCanceledException">Cancelled, and the request does not allow partial results.</exception>
    public DiverseResult SearchDiverse(
        QueryRequest request, Diversification diversification, ISearchProgress? progress = null, CancellationToken cancel = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return new DiverseSearch(_lease.View, request, diversification, _state.Settings, _state.Clock, cancel).Run(progress);
    }

    /// <summary>Reads hits that a search of this view has found, in their order.</summary>
    public IReadOnlyList<Documents.Document> Read(IReadOnlyList<Hit> hits, Documents.DocumentParts parts)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        var reader = new Reading.DocumentReader(_lease.View, parts);
        return [.. hits.Select(h => reader.Read(h.Row))];
    }

    /// <summary>Stored rows of a multi vector, those of dead documents included: what scoring every match costs grows with it.</summary>
    /// <param name="vector">Its name.</param>
    public long CountRows(string vector)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        int at = _lease.View.Schema.MultiAt(vector);
        return at < 0 ? 0 : _lease.View.Sources.Sum(s => s.MultiRowsOf(at));
    }

    /// <summary>How many postings the words or dimensions of a query have: what a search by them costs grows with it. Needs no more than
    /// their look-up.</summary>
    /// <exception cref="CollectionException">What the search would refuse about its words, fields and vectors.</exception>
    public long CountPostings(PostingSearchRequest request)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return request.LookUp(_lease.View).Postings;
    }

    /// <summary>What the words of a query add to the score of a document; those it does not have are left out.</summary>
    public IReadOnlyList<WordScore> ScoreWords(TextSearchRequest request, Documents.DocumentId id)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        WordParts parts = WordParts.Of(_lease.View, TextQuery.Of(_lease.View.Schema, request));
        return _lease.View.TryLocate(id, out RowAddress row) ? parts.ScoresOf(row) : [];
    }

    /// <summary>What the dimensions of a query add to the score of a document; those it does not have are left out.</summary>
    public IReadOnlyList<DimensionScore> ScoreDimensions(SparseSearchRequest request, Documents.DocumentId id)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        WeightParts parts = WeightParts.Of(_lease.View, SparseQuery.Of(_lease.View.Schema, request));
        return _lease.View.TryLocate(id, out RowAddress row) ? parts.ScoresOf(row) : [];
    }

    /// <summary>The best row of a document for each row of a query; empty where there is no such document, or it lacks the vector.</summary>
    /// <param name="vector">Name of a multi vector; null for the first.</param>
    public IReadOnlyList<TokenMatch> MatchTokens(string? vector, Documents.MultiVector query, Documents.DocumentId id)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        using var asked = MultiQuery.Of(_lease.View, vector, query, "multi", "vector_name");
        return _lease.View.TryLocate(id, out RowAddress row) ? asked.Match(row) : [];
    }

    /// <summary>A document that has the vector, from the oldest segment that holds one; null where there is none.</summary>
    /// <param name="vector">Name in the schema.</param>
    public Documents.Document? Sample(string vector)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        int at = _lease.View.Schema.VectorAt(vector);
        if (at < 0)
        {
            throw new CollectionException(
                CollectionError.VectorUnknown, "vector", $"The schema has no vector \"{vector}\".", "Name one that it has.");
        }
        var reader = new Reading.DocumentReader(_lease.View, new Documents.DocumentParts { Attributes = [], Texts = [], Vectors = [vector] });
        for (int source = 0; source < _lease.View.Sources.Count; source++)
        {
            foreach (uint row in new RowEnumerator(_lease.View.Sources[source].Alive))
            {
                if (_lease.View.Sources[source].TryVectorRow(at, row, out _))
                {
                    return reader.Read(new RowAddress(source, row));
                }
            }
        }
        return null;
    }

    /// <summary>Documents that have the vector, evenly spread over the segments and within each; fewer where there are fewer.</summary>
    /// <param name="vector">Name in the schema.</param>
    public IReadOnlyList<Documents.Document> Spread(string vector, int count)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        int at = _lease.View.Schema.VectorAt(vector);
        var reader = new Reading.DocumentReader(_lease.View, new Documents.DocumentParts { Attributes = [], Texts = [], Vectors = [vector] });
        return [.. Calibrations.SpreadRows.Of(_lease.View, at, count).Select(reader.Read)];
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _lease.Dispose();
        }
    }
}
