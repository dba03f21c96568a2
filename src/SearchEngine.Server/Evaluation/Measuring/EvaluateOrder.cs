using SearchEngine.Server.Calls;
using SearchEngine.Server.Evaluation.Judged;
using SearchEngine.Server.Evaluation.Ranking;

namespace SearchEngine.Server.Evaluation.Measuring;

/// <summary>An evaluation of the contract, checked.</summary>
internal sealed record EvaluateOrder
{
    public required Wire.JudgementsSummary Summary { get; init; }

    public required JudgementSet Set { get; init; }

    /// <summary>The first is the baseline.</summary>
    public required ConfigurationOrder[] Configurations { get; init; }

    public required IReadOnlyList<Metric> Metrics { get; init; }

    public required int Resamples { get; init; }

    public required double Confidence { get; init; }

    public required ulong Seed { get; init; }

    public required int Concurrency { get; init; }

    /// <summary>Groups that are reported apart.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    public required Wire.QueryReturn QueryReturn { get; init; }

    public static EvaluateOrder Read(Wire.EvaluateRequest request, ServerState server, CallContext context)
    {
        IReadOnlyList<Metric> metrics = Metric.Read(request.Metrics);
        int resamples = request.Resamples == 0 ? EvaluationLimits.DefaultResamples : (int)Math.Min(request.Resamples, int.MaxValue);
        Within(resamples, EvaluationLimits.LeastResamples, EvaluationLimits.MostResamples, "resamples");
        int concurrency = request.Concurrency == 0 ? 1 : (int)Math.Min(request.Concurrency, int.MaxValue);
        Within(concurrency, 1, EvaluationLimits.MaxConcurrency, "concurrency");
        // Written so that NaN is refused.
        if (request.HasConfidence && request.Confidence is not (>= EvaluationLimits.LeastConfidence and <= EvaluationLimits.MostConfidence))
        {
            throw Refusal.Invalid("confidence", "A confidence lies between 0.5 and 0.999.", "Use 0.95.", limit: "0.5 to 0.999");
        }
        if (!Enum.IsDefined(request.QueryReturn))
        {
            throw Refusal.Invalid("query_return", "There is no such value.", "Use a value of QueryReturn.");
        }
        // Found last: everything else can be refused without reading a file.
        ConfigurationOrder[] configurations = new ConfigurationMap(server, context).Read(
            request.Configurations, metrics.Max(static metric => metric.Cut), "configurations");
        (Wire.JudgementsSummary summary, JudgementSet set) = new JudgementCalls(server).Find(context, request.Judgements);
        CheckDraws(resamples, set.Queries.Count - set.WithoutRelevant);
        return new EvaluateOrder
        {
            Summary = summary,
            Set = set,
            Configurations = configurations,
            Metrics = metrics,
            Resamples = resamples,
            Confidence = request.HasConfidence ? request.Confidence : EvaluationLimits.DefaultConfidence,
            Seed = request.Seed,
            Concurrency = concurrency,
            Groups = CheckGroups(request.Groups, set),
            QueryReturn = request.QueryReturn,
        };
    }

    private static void CheckDraws(int resamples, int queries)
    {
        if ((long)resamples * queries > EvaluationLimits.MostDraws)
        {
            throw Refusal.Of(
                Wire.ErrorReason.LimitExceeded, "resamples",
                $"{resamples} resamples of {queries} queries are more than {EvaluationLimits.MostDraws} draws.",
                $"Use at most {EvaluationLimits.MostDraws / queries} resamples for this set, or fewer queries.",
                actual: Refusal.Number((long)resamples * queries), limit: $"{EvaluationLimits.MostDraws} draws");
        }
    }

    private static IReadOnlyList<string> CheckGroups(IReadOnlyList<string> groups, JudgementSet set)
    {
        if (groups.Count > EvaluationLimits.MaxGroups)
        {
            throw Refusal.Limit("groups", groups.Count, EvaluationLimits.MaxGroups, "groups", "Ask for fewer.");
        }
        for (int i = 0; i < groups.Count; i++)
        {
            TextLength.Check(groups[i], EvaluationLimits.MaxGroupBytes, $"groups[{i}]");
            if (set.CountOf(groups[i]) == 0)
            {
                throw Refusal.Invalid(
                    $"groups[{i}]", "No query of the set belongs to this group.", $"Its groups are {Refusal.Shown(string.Join(", ", set.Groups))}.", groups[i]);
            }
        }
        return groups.Count > 0 ? [.. groups.Distinct(StringComparer.Ordinal)] : [.. set.Groups.Where(group => set.CountOf(group) > 0).Take(EvaluationLimits.MaxGroups)];
    }

    private static void Within(int value, int least, int most, string field)
    {
        if (value < least || value > most)
        {
            throw Refusal.Of(
                Wire.ErrorReason.LimitExceeded, field, $"{field} is {value}: {least} to {most} are possible.", "Use a value in this range.",
                actual: Refusal.Number(value), limit: $"{least} to {most}");
        }
    }
}
