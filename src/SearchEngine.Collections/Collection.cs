using SearchEngine.Collections.Calibrations;
using SearchEngine.Collections.Core;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Reading;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Snapshots;
using SearchEngine.Collections.Views;
using SearchEngine.Collections.Writes;

namespace SearchEngine.Collections;

/// <summary>
/// A set of documents that can be searched by vectors, words and filter, and survives anything: what was acknowledged is found, also after a
/// crash. Any thread may call anything.
/// </summary>
public sealed class Collection : IDisposable
{
    private readonly CollectionState _state;
    private readonly Writer _writer;
    private readonly LinkThreads _linking;
    private readonly UpkeepThread _upkeep;
    private readonly CopyThreads _copies;
    private readonly WritePreparation _preparation;
    private int _disposed;

    internal Collection(string name, CollectionState state, Writer writer, LinkThreads linking, UpkeepThread upkeep)
    {
        Name = name;
        _state = state;
        _writer = writer;
        _linking = linking;
        _upkeep = upkeep;
        _copies = new CopyThreads(name);
        _preparation = new WritePreparation(state);
    }

    public string Name { get; }

    public CollectionSchema Schema => _state.Schema;

    public CollectionSettings Settings => _state.Settings;

    /// <summary>Sequence of the newest write that searches see.</summary>
    public ulong Sequence => _state.Views.Current.Sequence;

    /// <summary>Documents that searches see.</summary>
    public long DocumentCount => _state.Views.Current.AliveCount;

    /// <summary>Data that was found damaged and set aside.</summary>
    public IReadOnlyCollection<Quarantined> Damage => _state.Health.Damage;

    /// <summary>
    /// Applies operations in their order. When the task ends every one is durable at the ack level and found by every search that
    /// starts later, or was refused. Under a guard, documents that do not match it are not there for changes and deletes, and a
    /// write that would replace one, or leave one, is refused (Permission); no write of another caller can come in between.
    /// </summary>
    /// <exception cref="CollectionException">The batch was refused and nothing of it was written.</exception>
    public Task<WriteReport> WriteAsync(
        IReadOnlyList<WriteOperation> operations, WriteOptions options = default, CancellationToken cancel = default) =>
        _writer.Submit(_preparation.Prepare(operations, options), cancel);

    /// <summary>Deletes every document that matches now.</summary>
    /// <returns>How many were deleted.</returns>
    public Task<long> DeleteAsync(Filter filter, AckLevel? ack = null, CancellationToken cancel = default) =>
        new SelectiveWrite(_state.Views, WriteAsync, _state.Settings.Unindexed).RunAsync(
            filter, static (id, version) => new WriteOperation.Delete(id, version), ack, cancel);

    /// <summary>Sets attributes of every document that matches now.</summary>
    /// <param name="guard">As in <see cref="WriteOptions"/>; the first document that would be left outside ends the call.</param>
    /// <returns>How many were changed.</returns>
    public Task<long> PatchAsync(
        Filter filter, IReadOnlyDictionary<string, AttributeValue> attributes, AckLevel? ack = null, CancellationToken cancel = default,
        Filter? guard = null) =>
        new SelectiveWrite(_state.Views, WriteAsync, _state.Settings.Unindexed, guard).RunAsync(
            filter, (id, version) => new WriteOperation.Patch(id, attributes, version), ack, cancel);

    /// <exception cref="OperationCanceledException">Cancelled, and the request does not allow partial results.</exception>
    public SearchResult Search(SearchRequest request, CancellationToken cancel = default) => Search(request, null, null, cancel).Result;

    /// <summary>Searches and reads the hits from the same view.</summary>
    public (SearchResult Result, IReadOnlyList<Document> Documents) Search(
        SearchRequest request, DocumentParts parts, CancellationToken cancel = default) =>
        Search(request, parts, null, cancel);

    /// <summary>Searches while somebody looks on; the answer is that of a search nobody watches.</summary>
    /// <param name="parts">What to read of the hits; null reads nothing.</param>
    public (SearchResult Result, IReadOnlyList<Document> Documents) Watch(
        SearchRequest request, DocumentParts? parts, ISearchProgress progress, CancellationToken cancel = default) =>
        Search(request, parts, progress, cancel);

    /// <summary>Holds what searches see now. Dispose it soon.</summary>
    public PinnedView Pin() => new(_state);

    /// <summary>Searches the words of indexed text fields, ranked by BM25, or a sparse vector, ranked by dot product, and reads the hits
    /// from the same view.</summary>
    /// <param name="parts">What to read of the hits; null reads nothing.</param>
    /// <param name="progress">Looks on; null for nobody.</param>
    /// <exception cref="OperationCanceledException">Cancelled, and the request does not allow partial results.</exception>
    public (SearchResult Result, IReadOnlyList<Document> Documents) SearchPostings(
        PostingSearchRequest request, DocumentParts? parts = null, ISearchProgress? progress = null, CancellationToken cancel = default) =>
        Search(request, parts, progress, cancel);

    /// <summary>Scores every match by late interaction, and reads the hits from the same view.</summary>
    /// <param name="parts">What to read of the hits; null reads nothing.</param>
    /// <param name="progress">Looks on; null for nobody.</param>
    /// <exception cref="OperationCanceledException">Cancelled, and the request does not allow partial results.</exception>
    public (SearchResult Result, IReadOnlyList<Document> Documents) SearchMulti(
        MultiSearchRequest request, DocumentParts? parts = null, ISearchProgress? progress = null, CancellationToken cancel = default) =>
        Search(request, parts, progress, cancel);

    /// <summary>Runs several queries on the same view and makes one ranking of theirs.</summary>
    /// <param name="parts">What to read of the hits; null reads nothing.</param>
    /// <exception cref="OperationCanceledException">Cancelled, and the request does not allow partial results.</exception>
    public (HybridResult Result, IReadOnlyList<Document> Documents) SearchHybrid(
        HybridRequest request, DocumentParts? parts = null, CancellationToken cancel = default) =>
        WatchHybrid(request, parts, null, cancel);

    /// <summary>As <see cref="SearchHybrid"/>, while somebody looks on: at the ranking of the queries answered so far.</summary>
    public (HybridResult Result, IReadOnlyList<Document> Documents) WatchHybrid(
        HybridRequest request, DocumentParts? parts, ISearchProgress? progress, CancellationToken cancel = default)
    {
        using ViewLease lease = _state.Views.Lease();
        DocumentReader? reader = parts is null ? null : new DocumentReader(lease.View, parts);
        HybridResult result = ViewSearch.Run(lease.View, request, _state.Settings, progress, _state.Clock, cancel);
        return (result, reader is null ? [] : [.. result.Hits.Select(h => reader.Read(h.Row))]);
    }

    /// <summary>Reads documents by id; null for one that does not exist.</summary>
    public IReadOnlyList<Document?> Get(IReadOnlyList<DocumentId> ids, DocumentParts parts) => [.. Read(ids, parts)];

    /// <summary>As <see cref="Get"/>, each read when it is asked for; the view is held until the enumeration ends.</summary>
    /// <param name="visible">Documents that do not match are not there; null shows all.</param>
    public IEnumerable<Document?> Read(IReadOnlyList<DocumentId> ids, DocumentParts parts, Filter? visible = null)
    {
        using ViewLease lease = _state.Views.Lease();
        var reader = new DocumentReader(lease.View, parts);
        using var rows = new VisibleRows(lease.View, visible ?? Filter.All, ids, _state.Settings.Unindexed);
        foreach (DocumentId id in ids)
        {
            yield return lease.View.TryLocate(id, out RowAddress row) && rows.Contains(row) ? reader.Read(row) : null;
        }
    }

    /// <summary>How many documents match.</summary>
    public long Count(Filter filter)
    {
        using ViewLease lease = _state.Views.Lease();
        return new Counting(lease.View, filter, _state.Settings.Unindexed).Exactly();
    }

    /// <summary>About how many documents match, from statistics.</summary>
    public long EstimateCount(Filter filter)
    {
        using ViewLease lease = _state.Views.Lease();
        return new Counting(lease.View, filter, _state.Settings.Unindexed).Estimated();
    }

    /// <summary>Finds out whether a filter can be asked here.</summary>
    /// <exception cref="CollectionException">What searches with it would say.</exception>
    public void Check(Filter filter)
    {
        if (!filter.IsEmpty)
        {
            CompiledFilter.Compile(filter, Schema, _state.Settings.Unindexed);
        }
    }

    /// <summary>Reads all documents that match, as of now: writes that happen meanwhile are not seen. Dispose it.</summary>
    public Scroll Scroll(ScrollRequest request) => Reading.Scroll.Begin(_state.Views.Lease(), request, _state.Settings.Unindexed);

    /// <summary>Changes settings while the collection serves. What sizes memory and threads keeps its value until it is opened
    /// again.</summary>
    public void Change(CollectionSettings settings)
    {
        settings.Validate();
        _state.Settings = _state.Settings.With(settings);
    }

    /// <summary>Adds an attribute. Documents written before have no value for it.</summary>
    public Task AddAttributeAsync(AttributeSchema attribute, CancellationToken cancel = default) =>
        _upkeep.Ask(_ => new SchemaChange(_state).Add(attribute), cancel);

    /// <summary>
    /// Measures which margin reaches which recall, over all segments as they are now, and puts that in force for searches that aim at a
    /// recall. Writes, flushes and merges go on meanwhile; cancelled, or when the collection is closed, everything stays as it was.
    /// </summary>
    /// <param name="progress">Told how many searches are done, of how many.</param>
    /// <exception cref="CollectionException">The request cannot be, or no document has the vector.</exception>
    public async Task<VectorCalibration> CalibrateAsync(
        CalibrationRequest request, IProgress<WorkProgress>? progress = null, CancellationToken cancel = default)
    {
        int vector = CheckedQuery.Position(Schema, request.VectorName);
        request.Validate(Schema.Vectors[vector]);
        VectorCalibration fitted = await _copies.Run(stop => CalibrationRun.Of(_state, request, vector, progress, stop), cancel).ConfigureAwait(false);
        return await _upkeep.Ask(_ => new SchemaChange(_state).Calibrate(vector, fitted), cancel).ConfigureAwait(false);
    }

    /// <summary>Replaces what vectors are bound to. The engine compares nothing: documents written before are taken to be of it.</summary>
    /// <param name="spaces">By the names of vectors, which exist.</param>
    public Task BindAsync(IReadOnlyDictionary<string, string> spaces, CancellationToken cancel = default) =>
        _upkeep.Ask(_ => new SchemaChange(_state).Bind(spaces), cancel);

    /// <summary>Makes an immutable segment of what is live now.</summary>
    public Task FlushAsync(CancellationToken cancel = default) => _upkeep.Ask(
        stop =>
        {
            new Checkpoint(_state).RunThroughNow(stop);
            return true;
        },
        cancel);

    /// <summary>Flushes, then merges to so many segments without dead rows.</summary>
    /// <param name="progress">Told after each merge: rows read, and those that are left with them.</param>
    /// <returns>Segments now, and dead rows that are gone.</returns>
    public Task<(int Segments, long DroppedRows)> OptimiseAsync(
        int segments = 1, IProgress<WorkProgress>? progress = null, CancellationToken cancel = default) =>
        _upkeep.Ask(stop => new Optimisation(_state, segments, progress).Run(stop), cancel);

    /// <summary>Reads every byte of every file against its checksum, but for the log, which every start reads.</summary>
    public IReadOnlyList<Quarantined> Scrub(CancellationToken cancel = default) => Scrub(TimeSpan.Zero, null, cancel).Damage;

    /// <summary>As <see cref="Scrub(CancellationToken)"/>, no faster than it may, and says what was read.</summary>
    /// <param name="perGibibyte">Least time for reading as much, to spare the disk.</param>
    /// <param name="progress">Told after each block: bytes read, of those of the files.</param>
    public ScrubReport Scrub(TimeSpan perGibibyte, IProgress<WorkProgress>? progress, CancellationToken cancel = default) =>
        new Scrubbing(_state, perGibibyte, progress).Run(cancel);

    /// <param name="place">Puts a file at its new place: a link or a copy.</param>
    internal async Task<SnapshotDescription> SnapshotAsync(
        string name, string directory, Action<string, string> place, TimeProvider clock, IProgress<WorkProgress>? progress, CancellationToken cancel)
    {
        var writer = new SnapshotWriter(_state, Name, clock);
        using SnapshotDraft draft = await _upkeep.Ask(stop => writer.Begin(name, directory, place, stop), cancel).ConfigureAwait(false);
        return await _copies.Run(
            stop =>
            {
                using (draft)
                {
                    return draft.Finish(progress, stop);
                }
            },
            cancel).ConfigureAwait(false);
    }

    public CollectionStatistics Describe() => Statistics.Of(_state);

    /// <summary>Ends writes, brings what was acknowledged to the disk, and frees everything once the last reader has ended.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }
        _writer.Dispose();
        _linking.Dispose();
        _copies.Dispose();
        _upkeep.Dispose();
        _state.Dispose();
    }

    private (SearchResult Result, IReadOnlyList<Document> Documents) Search(
        QueryRequest request, DocumentParts? parts, ISearchProgress? progress, CancellationToken cancel)
    {
        using ViewLease lease = _state.Views.Lease();
        DocumentReader? reader = parts is null ? null : new DocumentReader(lease.View, parts);
        SearchResult result = ViewSearch.Run(lease.View, request, _state.Settings, progress, _state.Clock, cancel);
        return (result, reader is null ? [] : Read(result.Hits, reader));
    }

    // Apart: most searches read nothing and make no closure.
    private static Document[] Read(IReadOnlyList<Hit> hits, DocumentReader reader) => [.. hits.Select(h => reader.Read(h.Row))];
}
