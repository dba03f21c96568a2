using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search;

/// <summary>How rankings become one.</summary>
internal static class FusionMap
{
    private const uint MaxRankConstant = 10_000;
    private const string Path = "hybrid.fusion";

    public static Engine.HybridRequest Fuse(Wire.Fusion? fusion, IReadOnlyList<Engine.HybridPart> parts, IReadOnlyList<SearchComponent> components)
    {
        if (fusion?.KindCase != Wire.Fusion.KindOneofCase.Convex)
        {
            uint constant = fusion?.ReciprocalRank?.RankConstant ?? 0;
            return constant > MaxRankConstant
                ? throw Refusal.Of(
                    Wire.ErrorReason.LimitExceeded, $"{Path}.reciprocal_rank.rank_constant", "A rank constant lies between 1 and 10,000.", "Leave it unset for 60.",
                    actual: Refusal.Number(constant), limit: $"1 to {MaxRankConstant}")
                : new Engine.HybridRequest { Parts = parts, RankConstant = constant == 0 ? Engine.HybridRequest.DefaultRankConstant : constant };
        }
        Engine.ScoreScaling scaling = Scaling(fusion.Convex.Scaling);
        if (scaling == Engine.ScoreScaling.Bounds && components.FirstOrDefault(static c => c.ScoreKind is Wire.ScoreKind.Dot or Wire.ScoreKind.Euclidean or Wire.ScoreKind.SparseDot
            || c.Multi is { Metric: SearchEngine.Collections.Schema.VectorMetric.Dot }) is { } free)
        {
            throw Refusal.Invalid(
                $"{Path}.convex.scaling", $"Nothing bounds the scores of component \"{Refusal.Shown(free.Name)}\" ({free.ScoreKind}).",
                "Use SCORE_SCALING_MIN_MAX, or reciprocal_rank.");
        }
        double sum = parts.Sum(static p => p.Weight);
        return new Engine.HybridRequest
        {
            Parts = [.. parts.Select(p => p with { Weight = p.Weight / sum })],
            Fusion = Engine.FusionKind.Convex,
            Scaling = scaling,
        };
    }

    private static Engine.ScoreScaling Scaling(Wire.ScoreScaling scaling) => scaling switch
    {
        Wire.ScoreScaling.Unspecified or Wire.ScoreScaling.Bounds => Engine.ScoreScaling.Bounds,
        Wire.ScoreScaling.MinMax => Engine.ScoreScaling.Range,
        _ => throw Refusal.Invalid($"{Path}.convex.scaling", "There is no such scaling.", "Use a value of ScoreScaling.", Refusal.Number((int)scaling)),
    };
}
