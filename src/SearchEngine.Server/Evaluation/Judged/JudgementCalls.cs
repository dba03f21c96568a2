using Google.Protobuf.WellKnownTypes;
using SearchEngine.Collections.Documents;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Points;

namespace SearchEngine.Server.Evaluation.Judged;

/// <summary>The calls that load, list and delete sets of judgements.</summary>
internal sealed class JudgementCalls(ServerState server)
{
    private const int IdsAtOnce = 1_000;

    /// <summary>
    /// Whose sets a caller sees: everybody who sees the whole collection shares them. A key whose filter was changed begins anew: its old sets may
    /// name what it does not see any more.
    /// </summary>
    public static string SightOf(CallContext context) => context.Caller.Injected is null ? "" : $"{context.Caller.Name}/{context.Caller.InjectedText}";

    public async Task<Wire.LoadJudgementsReply> LoadAsync(CallContext context, Wire.JudgementsHeader header, RequestStream<Wire.LoadJudgementsRequest> requests)
    {
        var reader = new JudgementReader(context.Schema, header);
        JudgementSet set = await reader.ReadAsync(requests).ConfigureAwait(false);
        if (reader.Repeated > 0)
        {
            context.Warn(Wire.WarningKind.Duplicate, "", $"{reader.Repeated} queries or judgements came more than once; the last one counts.");
        }
        if (header.UnknownIds == Wire.UnknownIdPolicy.Refuse && Unknown(set, context).Select(static id => (DocumentId?)id).FirstOrDefault() is { } missing)
        {
            throw PointReads.Unknown(missing, "judgements.judgements");
        }
        Wire.JudgementsSummary summary = server.Judgements.Keep(
            context.Collection.Name, SightOf(context), set, header.Mode, whole => Summary(whole, context));
        context.Record.Affected = set.Queries.Count + set.Judgements;
        return new Wire.LoadJudgementsReply { Header = context.ReplyHeader(), Summary = summary };
    }

    public Wire.ListJudgementsReply List(CallContext context)
    {
        var reply = new Wire.ListJudgementsReply { Header = context.ReplyHeader() };
        reply.Sets.Add(server.Judgements.List(context.Collection.Name, SightOf(context)));
        return reply;
    }

    public Wire.DeleteJudgementsReply Delete(CallContext context, string name)
    {
        JudgementReader.CheckName(name, "name");
        return server.Judgements.Delete(context.Collection.Name, SightOf(context), name)
            ? new Wire.DeleteJudgementsReply { Header = context.ReplyHeader() }
            : throw NoneOf(name, "name");
    }

    /// <exception cref="Rpc.RpcException">JUDGEMENTS_UNKNOWN.</exception>
    public (Wire.JudgementsSummary Summary, JudgementSet Set) Find(CallContext context, string name)
    {
        JudgementReader.CheckName(name, "judgements");
        return server.Judgements.Find(context.Collection.Name, SightOf(context), name) ?? throw NoneOf(name, "judgements");
    }

    private static Rpc.RpcException NoneOf(string name, string path) => Refusal.Of(
            Wire.ErrorReason.JudgementsUnknown, path, $"There is no set of judgements \"{Refusal.Shown(name)}\".", "Load it first; Evaluation.ListJudgements says which there are.", actual: name)
        .With("judgements", Refusal.Shown(name));

    private Wire.JudgementsSummary Summary(JudgementSet set, CallContext context)
    {
        var summary = new Wire.JudgementsSummary
        {
            Name = set.Name,
            Queries = (ulong)set.Queries.Count,
            Judgements = (ulong)set.Judgements,
            QueriesWithoutRelevant = (ulong)set.WithoutRelevant,
            UnknownIds = (ulong)Unknown(set, context).LongCount(),
            Loaded = Timestamp.FromDateTimeOffset(server.Time.GetUtcNow()),
        };
        foreach (string group in set.Groups)
        {
            summary.Groups[group] = (ulong)set.CountOf(group);
        }
        return summary;
    }

    private static IEnumerable<DocumentId> Unknown(JudgementSet set, CallContext context) => set.Judged.Chunk(IdsAtOnce).SelectMany(ids =>
    {
        IReadOnlyDictionary<DocumentId, Document> found = PointReads.Find(context, ids, DocumentParts.None);
        return ids.Where(id => !found.ContainsKey(id));
    });
}
