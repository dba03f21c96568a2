using Google.Protobuf;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Reading;
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
        IReadOnlyDictionary<DocumentId, Document> found = Find(context, ids, parts.Parts);
        var reply = new Wire.GetReply();
        for (int i = 0; i < ids.Length; i++)
        {
            if (found.TryGetValue(ids[i], out Document? document))
            {
                reply.Points.Add(DocumentMap.Write(document, context.Schema, parts));
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
    public static IReadOnlyDictionary<DocumentId, Document> Find(CallContext context, IReadOnlyList<DocumentId> ids, DocumentParts parts)
    {
        if (context.Caller.Injected is null)
        {
            var found = new Dictionary<DocumentId, Document>();
            foreach (Document? document in context.Collection.Get(ids, parts))
            {
                if (document is not null)
                {
                    found[document.Id] = document;
                }
            }
            return found;
        }
        Filter visible = context.Restrict(new Filter { Must = [new Condition.IdIn(ids)] });
        using Scroll scroll = context.Collection.Scroll(new ScrollRequest { Filter = visible, Parts = parts });
        return scroll.Read(ids.Count).ToDictionary(static d => d.Id);
    }

    public static Rpc.RpcException Unknown(DocumentId id, string path) => Refusal.Of(
            Wire.ErrorReason.PointUnknown, path, $"There is no point {Refusal.Shown(id.ToString())}.", "Write it first, or leave its id out.", actual: id.ToString())
        .With("id", Refusal.Shown(id.ToString()));

    public static Rpc.RpcException TooLarge(int bytes, int limit, string what) => Refusal.Of(
            Wire.ErrorReason.MessageTooLarge, "", $"{what} takes {bytes} bytes, the reply may have {limit}.",
            $"Ask for fewer points or fields, raise header.max_reply_bytes, or use {Streaming}.", actual: Refusal.Number(bytes), limit: $"{limit} bytes")
        .With("stream", Streaming);

    private static void CheckSize(IMessage reply, CallContext context)
    {
        int bytes = reply.CalculateSize();
        if (bytes > context.ReplyLimit)
        {
            throw TooLarge(bytes, context.ReplyLimit, "The answer");
        }
    }
}
