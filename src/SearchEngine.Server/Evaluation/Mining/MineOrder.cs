using SearchEngine.Server.Calls;
using SearchEngine.Server.Evaluation.Judged;
using SearchEngine.Server.Evaluation.Ranking;
using SearchEngine.Server.Rerank;

namespace SearchEngine.Server.Evaluation.Mining;

/// <summary>A mining of the contract, checked.</summary>
internal sealed record MineOrder
{
    private const int DefaultFirst = 10;
    private const int MaxFirst = 1_000;
    private const int DefaultLast = 100;
    private const int MaxLast = 10_000;
    private const int DefaultNegatives = 4;
    private const int MaxNegatives = 100;
    private const float DefaultDuplicate = 0.95f;
    private const float DefaultSuspect = 0.9f;

    public required ConfigurationOrder Configuration { get; init; }

    public required JudgementSet Set { get; init; }

    /// <summary>Ranks that negatives are taken from, from 1.</summary>
    public required int First { get; init; }

    public required int Last { get; init; }

    public required int Negatives { get; init; }

    public required float DuplicateCosine { get; init; }

    public required float SuspectShare { get; init; }

    public required string TextField { get; init; }

    /// <summary>The vector that duplicates are told by; null where the collection has none.</summary>
    public required string? Vector { get; init; }

    public required Wire.RerankOptions? Rerank { get; init; }

    public static MineOrder Read(Wire.MineNegativesRequest request, ServerState server, CallContext context)
    {
        int first = Within(request.FirstRank, DefaultFirst, MaxFirst, "first_rank");
        int last = Within(request.LastRank, Math.Max(DefaultLast, first), MaxLast, "last_rank");
        if (last < first)
        {
            throw Refusal.Invalid("last_rank", "The last rank comes before the first.", "Set a last rank of at least first_rank.", Refusal.Number(last), $"at least {first}");
        }
        var map = new ConfigurationMap(server, context);
        ConfigurationOrder configuration = request.Configuration is { } named ? map.Read(named, last, "configuration") : map.Read([], last, "configuration")[0];
        // Whatever it says: ranks beyond its own hits could not be looked at.
        configuration.Template.K = (uint)Math.Max(last, configuration.Wanted);
        if (request.Rerank is { } rerank)
        {
            RerankStage.Check(rerank, context, "rerank");
            // A share of a number that may be negative says nothing.
            FieldNotServed.When(rerank.ScoreKind == Wire.ScoreKind.Logit, "rerank.score_kind");
        }
        string vector = request.Configuration?.Search?.Query?.VectorName ?? "";
        return new MineOrder
        {
            Configuration = configuration,
            Set = new JudgementCalls(server).Find(context, request.Judgements).Set,
            First = first,
            Last = last,
            Negatives = Within(request.Negatives, DefaultNegatives, MaxNegatives, "negatives"),
            DuplicateCosine = Share(request.HasDuplicateCosine ? request.DuplicateCosine : DefaultDuplicate, "duplicate_cosine"),
            SuspectShare = Share(request.HasSuspectShare ? request.SuspectShare : DefaultSuspect, "suspect_share"),
            TextField = RerankMap.TextField(new Wire.RerankOptions { TextField = request.TextField }, context.Schema, ""),
            Vector = vector.Length > 0 ? vector : context.Schema.Vectors.Count > 0 ? context.Schema.Vectors[0].Name : null,
            Rerank = request.Rerank,
        };
    }

    private static int Within(uint asked, int unset, int most, string field) => asked == 0 ? unset
        : asked <= most ? (int)asked
        : throw Refusal.Of(
            Wire.ErrorReason.LimitExceeded, field, $"{field} is {asked}: 1 to {most} are possible.", "Use a value in this range.",
            actual: Refusal.Number(asked), limit: $"1 to {most}");

    // Written so that NaN is refused.
    private static float Share(float value, string field) => value is >= 0 and <= 1
        ? value
        : throw Refusal.Invalid(field, "It lies between 0 and 1.", "Use a value in this range, or leave it unset.", limit: "0 to 1");
}
