using SearchEngine.Collections;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Writes;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;

namespace SearchEngine.Server.Points;

/// <summary>The unary calls that write points.</summary>
internal static class PointWrites
{
    /// <summary>Operations that the engine takes at once.</summary>
    private const int MaxAtOnce = 1_000;

    public static async Task<Wire.UpsertReply> UpsertAsync(CallContext context, Wire.UpsertRequest request, PointTexts texts, CancellationToken cancel)
    {
        CheckSize(request);
        WriteMode mode = PointBatch.Mode(request.Mode);
        AckLevel? ack = SettingsMap.Ack(request.AckLevel, "ack_level");
        Origins origins = Origins.Read(context.Schema, request.Origin, request.VectorOrigins);
        PointBatch batch = PointBatch.Read(request.Points, context.Schema, origins, mode);
        WarnOfDuplicates(context, batch);
        bool skips = request.ItemPolicy == Wire.ItemPolicy.SkipItem;
        ThrowIfRefused(batch, skips);
        IReadOnlyList<Wire.EncodedText> cut = await texts.CompleteAsync(batch, context, 0, cancel).ConfigureAwait(false);
        ThrowIfRefused(batch, skips);
        PointTexts.WarnOfCuts(context, (ulong)cut.Count, "points");
        var versions = new ulong[request.Points.Count];
        WriteReport? report = null;
        if (batch.Operations.Count > 0)
        {
            report = await WriteAsync(context, batch, new WriteOptions(ack, skips ? ItemPolicy.SkipItem : ItemPolicy.RefuseBatch, context.Caller.Injected), cancel).ConfigureAwait(false);
            for (int i = 0; i < report.Versions.Count; i++)
            {
                versions[batch.PlaceOf(i)] = report.Versions[i];
            }
            batch.Refuse(report.Refused);
        }
        var reply = new Wire.UpsertReply { Written = (uint)(report?.Applied ?? 0) };
        reply.Versions.Add(versions);
        reply.Refused.Add(batch.AsItems(0));
        (context.Record.Affected, context.Record.Refused) = (reply.Written, reply.Refused.Count);
        reply.EncodedTexts.Add(cut);
        reply.Header = context.WriteHeader(report?.Sequence ?? context.Collection.Sequence);
        return reply;
    }

    public static async Task<Wire.DeleteReply> DeleteAsync(CallContext context, Wire.DeleteRequest request, CancellationToken cancel)
    {
        AckLevel? ack = SettingsMap.Ack(request.AckLevel, "ack_level");
        Selection selection = Selection.Read(request.Points, "points");
        ulong? expected = selection.Expected(request.HasExpectedVersion ? request.ExpectedVersion : null);
        long deleted = 0;
        if (selection.Ids is { } ids)
        {
            foreach (DocumentId[] some in ids.Chunk(MaxAtOnce))
            {
                WriteReport report = await context.Collection.WriteAsync(
                    [.. some.Select(id => new WriteOperation.Delete(id, expected))], new WriteOptions(ack, Guard: context.Caller.Injected), cancel).ConfigureAwait(false);
                deleted += report.Applied;
            }
        }
        else
        {
            deleted = await context.Collection.DeleteAsync(context.Restrict(selection.AsFilter()), ack, cancel).ConfigureAwait(false);
        }
        context.Record.Affected = deleted;
        return new Wire.DeleteReply { Header = context.WriteHeader(context.Collection.Sequence), Deleted = (ulong)deleted };
    }

    public static async Task<Wire.UpdateAttributesReply> UpdateAsync(CallContext context, Wire.UpdateAttributesRequest request, CancellationToken cancel)
    {
        AckLevel? ack = SettingsMap.Ack(request.AckLevel, "ack_level");
        if (request.Attributes.Count == 0)
        {
            throw Refusal.Required("attributes", "Name at least one attribute.");
        }
        int bytes = request.Attributes.Sum(static a => a.Key.Length + a.Value.CalculateSize());
        if (bytes > PointLimits.MaxAttributeBytes)
        {
            throw Refusal.Limit("attributes", bytes, PointLimits.MaxAttributeBytes, "bytes", "Set fewer or shorter attributes.");
        }
        Selection selection = Selection.Read(request.Points, "points");
        ulong? expected = selection.Expected(request.HasExpectedVersion ? request.ExpectedVersion : null);
        Dictionary<string, AttributeValue> values = DocumentMap.Attributes(request.Attributes, context.Schema, "attributes");
        long updated = 0;
        if (selection.Ids is { } ids)
        {
            RequireAll(context, ids);
            foreach (DocumentId[] some in ids.Chunk(MaxAtOnce))
            {
                WriteReport report = await context.Collection.WriteAsync(
                    [.. some.Select(id => new WriteOperation.Patch(id, values, expected))], new WriteOptions(ack, Guard: context.Caller.Injected), cancel).ConfigureAwait(false);
                updated += report.Applied;
            }
        }
        else
        {
            updated = await context.Collection.PatchAsync(
                context.Restrict(selection.AsFilter()), values, ack, cancel, context.Caller.Injected).ConfigureAwait(false);
        }
        context.Record.Affected = updated;
        return new Wire.UpdateAttributesReply { Header = context.WriteHeader(context.Collection.Sequence), Updated = (ulong)updated };
    }

    private static async Task<WriteReport> WriteAsync(CallContext context, PointBatch batch, WriteOptions options, CancellationToken cancel)
    {
        try
        {
            return await context.Collection.WriteAsync(batch.Operations, options, cancel).ConfigureAwait(false);
        }
        catch (CollectionException refused) when (refused.Refused.Count > 0)
        {
            batch.Refuse(refused.Refused);
            throw batch.AsRefusal();
        }
    }

    private static void ThrowIfRefused(PointBatch batch, bool skips)
    {
        if (!skips && batch.Refused.Count > 0)
        {
            throw batch.AsRefusal();
        }
    }

    private static void CheckSize(Wire.UpsertRequest request)
    {
        if (request.Points.Count == 0)
        {
            throw Refusal.Required("points", "Send at least one point.");
        }
        if (request.Points.Count > PointLimits.MaxBatchItems)
        {
            throw Refusal.Limit("points", request.Points.Count, PointLimits.MaxBatchItems, "points", "Send several requests, or use Points.Upload.");
        }
        int bytes = request.CalculateSize();
        if (bytes > PointLimits.MaxBatchBytes)
        {
            throw Refusal.Limit("points", bytes, PointLimits.MaxBatchBytes, "bytes", "Send several requests, or use Points.Upload.");
        }
    }

    private static void WarnOfDuplicates(CallContext context, PointBatch batch)
    {
        var seen = new HashSet<DocumentId>();
        if (batch.Operations.Cast<WriteOperation.Put>().FirstOrDefault(o => !seen.Add(o.Document.Id)) is { } twice)
        {
            context.Warn(Wire.WarningKind.Duplicate, "points", $"Id {Refusal.Shown(twice.Document.Id.ToString())} came more than once; the last one counts.");
        }
    }

    // Before anything is changed: an id that does not exist, or that the caller cannot see, fails the call.
    private static void RequireAll(CallContext context, IReadOnlyList<DocumentId> ids)
    {
        IReadOnlyDictionary<DocumentId, Document> found = PointReads.Find(context, ids, DocumentParts.None);
        foreach (DocumentId id in ids)
        {
            if (!found.ContainsKey(id))
            {
                throw PointReads.Unknown(id, "points");
            }
        }
    }
}
