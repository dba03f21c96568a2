using SearchEngine.Collections.Schema;
using SearchEngine.Server.Contract;

namespace SearchEngine.Server.Collections.Calibrating;

/// <summary>A calibration of the contract, checked.</summary>
internal sealed record CalibrationOrder
{
    private const int DefaultQueries = 1_000;
    private const int LeastQueries = 100;
    private const int MostQueries = 100_000;
    private const int MostHits = 1_000;
    private const int MostCounts = 16;

    private static readonly int[] DefaultCounts = [1, 10, 100];

    public required VectorSchema Vector { get; init; }

    public required int Queries { get; init; }

    /// <summary>Unspecified: what callers have sent where that is enough, else points.</summary>
    public required Wire.QuerySource Source { get; init; }

    public required string Judgements { get; init; }

    public required IReadOnlyList<int> Counts { get; init; }

    /// <summary>Calls that differ in it are different calibrations.</summary>
    public string Variant => $"{Vector.Name}/{Queries}/{Source}/{Judgements}/{string.Join(',', Counts)}";

    public static CalibrationOrder Read(Wire.CalibrateRequest request, CollectionSchema schema)
    {
        VectorSchema vector = Names.VectorOf(schema, request.VectorName, "vector_name");
        if (!Enum.IsDefined(request.Source))
        {
            throw Refusal.Invalid("source", "There is no such source.", "Use a value of QuerySource.", Refusal.Number((int)request.Source));
        }
        bool isJudged = request.Source == Wire.QuerySource.Judgements || (request.Source == 0 && request.Judgements.Length > 0);
        if (isJudged && request.Judgements.Length == 0)
        {
            throw Refusal.Required("judgements", "Name the set whose queries are to be taken.");
        }
        if (!isJudged && request.Judgements.Length > 0)
        {
            throw Refusal.Invalid("judgements", "The queries do not come from judgements.", "Set source to JUDGEMENTS, or leave judgements empty.", request.Judgements);
        }
        return new CalibrationOrder
        {
            Vector = vector,
            Queries = QueriesOf(request.Queries),
            Source = isJudged ? Wire.QuerySource.Judgements : request.Source,
            Judgements = request.Judgements,
            Counts = CountsOf(request),
        };
    }

    private static int QueriesOf(uint asked) => asked switch
    {
        0 => DefaultQueries,
        < LeastQueries => throw Refusal.Invalid(
            "queries", $"{asked} queries are too few to measure with.", $"Use {LeastQueries} or more.", Refusal.Number(asked), $"{LeastQueries} to {MostQueries}"),
        > MostQueries => throw Refusal.Limit("queries", asked, MostQueries, "queries", "Use fewer."),
        _ => (int)asked,
    };

    private static IReadOnlyList<int> CountsOf(Wire.CalibrateRequest request)
    {
        if (request.Ks.Count > MostCounts)
        {
            throw Refusal.Limit("ks", request.Ks.Count, MostCounts, "values", "Fit for fewer numbers of hits.");
        }
        for (int i = 0; i < request.Ks.Count; i++)
        {
            if (request.Ks[i] is 0 or > MostHits)
            {
                throw Refusal.Limit($"ks[{i}]", request.Ks[i], MostHits, "hits", "Use 1 to 1,000.");
            }
        }
        return request.Ks.Count == 0 ? DefaultCounts : [.. request.Ks.Select(static k => (int)k)];
    }
}
