using Google.Protobuf;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;

namespace SearchEngine.Server.Points;

/// <summary>The unary calls that read points.</summary>
internal static class PointReads
{
    private const string Streaming = "searchengine.v1.Points/Scroll";

    public static Wire.GetReply Get(CallContext context, Wire.GetRequest request)
    {
        if (request.Ids.Count == 0)
        {
            throw Refusal.Required("ids", "Name at least one id.");
        }
        if (request.Ids.Count > PointLimits.MaxBatchItems)
        {
            throw Refusal.Limit("ids", request.Ids.Count, PointLimits.MaxBatchItems, "ids", "Send several requests, or scroll with a filter by ids.");
        }
        DocumentId[] ids = [.. request.Ids.Select(static (id, i) => IdMap.Read(id, $"ids[{i}]"))];
        PointParts parts = PointParts.Read(request.Fields, context.Schema, PointParts.Content, "fields");
        IReadOnlyDictionary<DocumentId, Document> found = TryFind(context, ids, parts.Parts, context.ReplyLimit)
            ?? throw TooLarge($"more than {Refusal.Number(context.ReplyLimit)}", context.ReplyLimit, "The answer");
        var reply = new Wire.GetReply();
        long bytes = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            if (found.TryGetValue(ids[i], out Document? document))
            {
                Wire.Point point = DocumentMap.Write(document, context.Schema, parts);
                bytes += point.CalculateSize();
                if (bytes > context.ReplyLimit)
                {
                    throw TooLarge($"more than {Refusal.Number(context.ReplyLimit)}", context.ReplyLimit, "The answer");
                }
                reply.Points.Add(point);
            }
            else if (request.Missing == Wire.MissingPolicy.Refuse)
            {
                throw Unknown(ids[i], $"ids[{i}]");
            }
            else
            {
                reply.Missing.Add(request.Ids[i]);
            }
        }
        reply.Header = context.ReplyHeader();
        CheckSize(reply, context);
        return reply;
    }

    public static Wire.CountReply Count(CallContext context, Wire.CountRequest request)
    {
        Filter filter = context.Restrict(FilterMap.Read(request.Filter, "filter"));
        bool estimated = request.Basis == Wire.CountBasis.Estimated;
        long count = estimated ? context.Collection.EstimateCount(filter) : context.Collection.Count(filter);
        return new Wire.CountReply
        {
            Count = (ulong)count,
            Basis = estimated ? Wire.CountBasis.Estimated : Wire.CountBasis.Exact,
            Header = context.ReplyHeader(),
        };
    }

    /// <summary>Those of the ids that exist and that the caller may see.</summary>
    public static IReadOnlyDictionary<DocumentId, Document> Find(CallContext context, IReadOnlyList<DocumentId> ids, DocumentParts parts) =>
        TryFind(context, ids, parts, long.MaxValue)!;

    /// <summary>As <see cref="Find"/>; null as soon as the texts that were read are beyond the limit, and the rest is not read.</summary>
    /// <param name="textLimit">In characters: never more than their bytes in a reply.</param>
    public static IReadOnlyDictionary<DocumentId, Document>? TryFind(
        CallContext context, IReadOnlyList<DocumentId> ids, DocumentParts parts, long textLimit)
    {
        var found = new Dictionary<DocumentId, Document>();
        long texts = 0;
        foreach (Document? document in Each(context, ids, parts))
        {
            if (document is null || !found.TryAdd(document.Id, document))
            {
                continue;
            }
            texts += document.Texts.Values.Sum(static text => (long)text.Length);
            if (texts > textLimit)
            {
                return null;
            }
        }
        return found;
    }

    public static Rpc.RpcException Unknown(DocumentId id, string path) => Refusal.Of(
            Wire.ErrorReason.PointUnknown, path, $"There is no point {Refusal.Shown(id.ToString())}.", "Write it first, or leave its id out.", actual: id.ToString())
        .With("id", Refusal.Shown(id.ToString()));

    public static Rpc.RpcException TooLarge(string bytes, int limit, string what) => Refusal.Of(
            Wire.ErrorReason.MessageTooLarge, "", $"{what} takes {bytes} bytes, the reply may have {limit}.",
            $"Ask for fewer points or fields, raise header.max_reply_bytes, or use {Streaming}.", actual: bytes, limit: $"{limit} bytes")
        .With("stream", Streaming);

    private static void CheckSize(IMessage reply, CallContext context)
    {
        int bytes = reply.CalculateSize();
        if (bytes > context.ReplyLimit)
        {
            throw TooLarge(Refusal.Number(bytes), context.ReplyLimit, "The answer");
        }
    }

    /// <summary>One by one, of one view, in the order of the ids; null for one that does not exist or that the caller may not see. Who has enough
    /// stops, and the rest is not read.</summary>
    public static IEnumerable<Document?> Each(CallContext context, IReadOnlyList<DocumentId> ids, DocumentParts parts) =>
        context.Collection.Read(ids, parts, context.Restrict(Filter.All));
}
