using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Storage;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Writes;

/// <summary>
/// Decides which operations of a batch are applied and with which versions, before any is: a batch that is refused as a whole must
/// leave nothing behind. Operations see what the earlier ones of their batch will do.
/// </summary>
internal sealed class BatchCheck(ViewBuilder builder)
{
    private readonly Dictionary<DocumentId, ulong> _after = [];
    private readonly Dictionary<DocumentId, ReadOnlyMemory<byte>> _bodies = [];

    /// <summary>The version each document will have after its operation, 0 for one that will not exist.</summary>
    /// <returns>Per operation the new version, or null where there is nothing to do.</returns>
    public ulong?[] Run(PendingBatch batch)
    {
        var versions = new ulong?[batch.Writes.Count];
        for (int i = 0; i < versions.Length; i++)
        {
            if (batch.Writes[i] is not { } write)
            {
                continue;
            }
            ulong now = VersionOf(write.Id);
            ReadOnlyMemory<byte> body = default;
            bool isHidden = now > 0 && batch.Guard is { } guard && !guard.Holds(write.Id, BodyOf(write.Id).ToArray());
            if (isHidden && write is not PreparedWrite.Put)
            {
                now = 0;
            }
            CollectionException? refusal = isHidden && write is PreparedWrite.Put
                ? Beyond(write)
                : Refusal(write, now) ?? TooLarge(write, out body) ?? Leaves(batch.Guard, write, body);
            if (refusal is not null)
            {
                batch.Refused.Add(new RefusedOperation(i, refusal));
                continue;
            }
            if (write is PreparedWrite.Delete && now == 0)
            {
                continue;
            }
            _bodies[write.Id] = body;
            versions[i] = write is PreparedWrite.Delete ? 0 : now + 1;
            _after[write.Id] = versions[i]!.Value;
        }
        return batch.Policy == ItemPolicy.RefuseBatch && batch.Refused.Count > 0 ? throw RefusedOperation.All(batch.Refused) : versions;
    }

    private static CollectionException? Refusal(PreparedWrite write, ulong now) => write switch
    {
        PreparedWrite.Put { Mode: WriteMode.InsertOnly } when now > 0 => new CollectionException(
            CollectionError.PointExists, "id", $"Document {write.Id} exists, at version {now}, and was to be inserted only.",
            "Use an upsert to replace it."),
        PreparedWrite.Put { Mode: WriteMode.UpdateOnly } when now == 0 => Unknown(write),
        PreparedWrite.Put { Mode: WriteMode.IfVersion } put when now != put.ExpectedVersion => Conflict(write, now, put.ExpectedVersion),
        PreparedWrite.Patch when now == 0 => Unknown(write),
        PreparedWrite.Patch { ExpectedVersion: { } expected } when now != expected => Conflict(write, now, expected),
        PreparedWrite.Delete { ExpectedVersion: { } expected } when now != expected => Conflict(write, now, expected),
        _ => null,
    };

    private static CollectionException Unknown(PreparedWrite write) => new(
        CollectionError.PointUnknown, "id", $"Document {write.Id} does not exist and was to be updated only.",
        "Insert it first, or use an upsert.");

    private static CollectionException Conflict(PreparedWrite write, ulong now, ulong expected) => new(
        CollectionError.VersionConflict, "version",
        $"Document {write.Id} has version {now}{(now == 0 ? " (it does not exist)" : "")}, the write expects {expected}.",
        "Read the document again and decide anew.")
    {
        Expected = expected.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Actual = now.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    // A patch is merged here once to learn whether the document stays within its limits: behind the log it could not be refused.
    private CollectionException? TooLarge(PreparedWrite write, out ReadOnlyMemory<byte> body)
    {
        body = write is PreparedWrite.Put put ? put.Body : default;
        if (write is not PreparedWrite.Patch patch)
        {
            return null;
        }
        using var merged = new PooledBuffer();
        try
        {
            DocumentBody.WithPatch(BodyOf(patch.Id), patch.Delta.Span, merged);
        }
        catch (CollectionException tooLarge)
        {
            return tooLarge;
        }
        body = merged.Written.ToArray();
        return null;
    }

    private static CollectionException? Leaves(CompiledFilter? guard, PreparedWrite write, ReadOnlyMemory<byte> body) =>
        guard is null || write is PreparedWrite.Delete || guard.Holds(write.Id, body) ? null : Beyond(write);

    private static CollectionException Beyond(PreparedWrite write) => new(
        CollectionError.Permission, "id", $"Document {write.Id} is, or would be, outside of what this writer may see.",
        "Write documents that match the filter of the writer's key, under ids that no other document has.");

    private ReadOnlySpan<byte> BodyOf(DocumentId id)
    {
        if (_bodies.TryGetValue(id, out ReadOnlyMemory<byte> body))
        {
            return body.Span;
        }
        builder.TryLocate(id, out RowAddress row);
        return builder.SourceOf(row).BodyOf(row.Ordinal);
    }

    private ulong VersionOf(DocumentId id)
    {
        if (_after.TryGetValue(id, out ulong version))
        {
            return version;
        }
        return builder.TryLocate(id, out RowAddress row) ? builder.SourceOf(row).VersionOf(row.Ordinal) : 0;
    }
}
