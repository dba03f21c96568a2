using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Encoders;
using SearchEngine.Server.Rerank;
using SearchEngine.Server.Search;

namespace SearchEngine.Server.Retrieval;

/// <summary>Retrievals of the contract, checked before anything is encoded.</summary>
internal static class RetrieveMap
{
    public const int MaxHits = 1_000;

    private const string TextPath = "text";

    public static RetrieveOrder Read(Wire.RetrieveRequest request, CallContext context)
    {
        FieldNotServed.Check(request, "", "grouping", "diversity");
        TextCheck.Query(request.Text, TextPath);
        TextLength.Check(request.Task, EncoderLimits.MaxTaskBytes, "task");
        int hits = request.K == 0 ? SearchLimits.DefaultHits : Bounded(request.K, "k");
        int? candidates = request.Candidates == 0 ? null : Bounded(request.Candidates, "candidates");
        if (candidates < hits)
        {
            throw Refusal.Invalid(
                "candidates", "There are fewer candidates than hits.", "Ask for at least as many as hits, or leave it unset.", Refusal.Number(candidates.Value), $"at least {hits}");
        }
        CheckSplit(request);
        bool mayBePartial = request.Budget?.OnExpiry != Wire.PartialPolicy.Refuse;
        RerankOrder rerank = RerankMap.Read(request.Rerank, request.Text, MaxHits, Wire.Truncation.Head, "rerank");
        return new RetrieveOrder
        {
            Search = FirstStage(request, context, candidates ?? hits, mayBePartial),
            Rerank = rerank with { QueryPath = TextPath, Top = hits, MayBePartial = mayBePartial },
            TextField = TextField(request, context),
            Mode = Mode(request.RerankMode),
            Hits = hits,
            Candidates = candidates,
            Parts = PointParts.Read(request.Fields, context.Schema, PointParts.Ids, "fields"),
            HasPassage = request.Fields is null || request.Fields.Details.Contains(Wire.Detail.Passage),
            MayBePartial = mayBePartial,
        };
    }

    private static SearchOrder FirstStage(Wire.RetrieveRequest request, CallContext context, int candidates, bool mayBePartial)
    {
        bool encodes = request.FirstStageCase == Wire.RetrieveRequest.FirstStageOneofCase.None;
        var search = new Wire.SearchRequest
        {
            K = (uint)candidates,
            Filter = request.Filter,
            Accuracy = request.Accuracy,
            Budget = new Wire.Budget { OnExpiry = mayBePartial ? Wire.PartialPolicy.Allow : Wire.PartialPolicy.Refuse },
        };
        if (request.FirstStageCase == Wire.RetrieveRequest.FirstStageOneofCase.Hybrid)
        {
            search.Hybrid = request.Hybrid;
        }
        else
        {
            search.Query = encodes ? new Wire.Query { Text = new Wire.TextQuery { Text = request.Text, Task = request.Task } } : request.Query;
        }
        SearchOrder order = SearchMap.Read(search, context.Collection, context.Caller);
        return encodes ? order with { Components = [order.Components[0] with { Text = order.Components[0].Text! with { Path = TextPath } }] } : order;
    }

    private static string? TextField(Wire.RetrieveRequest request, CallContext context) =>
        context.Schema.Texts.Count == 0 && request.Rerank is not { TextField.Length: > 0 } && request.RerankMode != Wire.RerankMode.Required
            ? null
            : RerankMap.TextField(request.Rerank, context.Schema, "rerank");

    private static Wire.RerankMode Mode(Wire.RerankMode mode) => mode switch
    {
        Wire.RerankMode.Unspecified => Wire.RerankMode.Auto,
        Wire.RerankMode.Auto or Wire.RerankMode.Required or Wire.RerankMode.Off => mode,
        _ => throw Refusal.Invalid("rerank_mode", "There is no such mode.", "Use a value of RerankMode.", Refusal.Number((int)mode)),
    };

    private static int Bounded(uint count, string path) =>
        count <= MaxHits ? (int)count : throw Refusal.Limit(path, count, MaxHits, "hits", "Ask for fewer.");

    private static void CheckSplit(Wire.RetrieveRequest request)
    {
        if (request.Split is not { } split || request.Budget is not { TimeMicros: > 0 } budget)
        {
            return;
        }
        long sum = (long)split.EncodeMicros + split.SearchMicros + split.RerankMicros;
        if (sum > budget.TimeMicros)
        {
            throw Refusal.Invalid(
                "split", $"The stages are given {sum} us, the budget is {budget.TimeMicros} us.", "Give the stages less, or leave the split unset.",
                Refusal.Number(sum), $"{budget.TimeMicros} us");
        }
    }
}
