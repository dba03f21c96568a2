using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Writes;

/// <summary>
/// Writes to all documents that match a filter. Each write is made on the version that matched: a document that changed in between is
/// looked at again, so none is written that did not match when it was.
/// </summary>
internal sealed class SelectiveWrite(
    ViewLedger views,
    Func<IReadOnlyList<WriteOperation>, WriteOptions, CancellationToken, Task<WriteReport>> write,
    UnindexedFilter unindexed,
    Filter? guard = null)
{
    private const int BatchSize = 1024;

    public async Task<long> RunAsync(
        Filter filter, Func<DocumentId, ulong, WriteOperation> operation, AckLevel? ack, CancellationToken cancel)
    {
        long written = 0;
        HashSet<DocumentId>? among = null;
        do
        {
            var again = new HashSet<DocumentId>();
            foreach ((DocumentId Id, ulong Version)[] batch in Matches(filter, among).Chunk(BatchSize))
            {
                WriteReport report = await write(
                    [.. batch.Select(m => operation(m.Id, m.Version))], new WriteOptions(ack, ItemPolicy.SkipItem, guard), cancel)
                    .ConfigureAwait(false);
                written += report.Applied;
                foreach (RefusedOperation refused in report.Refused)
                {
                    if (refused.Reason.Error is not (CollectionError.VersionConflict or CollectionError.PointUnknown))
                    {
                        throw refused.Reason;
                    }
                    again.Add(batch[refused.Index].Id);
                }
            }
            among = again;
        }
        while (among.Count > 0);
        return written;
    }

    private List<(DocumentId Id, ulong Version)> Matches(Filter filter, HashSet<DocumentId>? among)
    {
        using ViewLease lease = views.Lease();
        CompiledFilter? compiled = filter.IsEmpty ? null : CompiledFilter.Compile(filter, lease.View.Schema, unindexed);
        // What the guard keeps from being written is not asked for again and again.
        CompiledFilter? allowed = guard is { IsEmpty: false } ? CompiledFilter.Compile(guard, lease.View.Schema, unindexed, "guard") : null;
        var matches = new List<(DocumentId, ulong)>();
        foreach (ViewSource source in lease.View.Sources)
        {
            using var accept = new SourceAccept(source, compiled);
            foreach (uint row in new RowEnumerator(accept.Words))
            {
                DocumentId id = source.IdOf(row);
                if ((among is null || among.Contains(id)) && allowed?.Holds(id, source.BodyOf(row).ToArray()) != false)
                {
                    matches.Add((id, source.VersionOf(row)));
                }
            }
        }
        return matches;
    }
}
