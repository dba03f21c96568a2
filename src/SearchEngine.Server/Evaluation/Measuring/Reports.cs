using SearchEngine.Evaluation;

namespace SearchEngine.Server.Evaluation.Measuring;

/// <summary>Outcomes as reports: means with their intervals, against the baseline, over all questions and by group.</summary>
/// <param name="questions">In the order of all outcomes.</param>
internal sealed class Reports(EvaluateOrder order, IReadOnlyList<JudgedQuestion> questions)
{
    private const int QueriesOfFrame = 1_000;

    /// <summary>The first outcome; the others are compared with it.</summary>
    private ConfigurationOutcome? _baseline;

    public Wire.ConfigurationReport Of(ConfigurationOutcome outcome, CancellationToken cancel)
    {
        _baseline ??= outcome;
        var report = new Wire.ConfigurationReport
        {
            Configuration = outcome.Name,
            Latency = Latencies.Of(outcome.Questions.Where(static q => q.Error is null).Select(static q => q.Micros)),
            Failed = (uint)outcome.Questions.Count(static q => q.Error is not null),
            Fingerprint = outcome.Fingerprint,
            RerankFingerprint = outcome.RerankFingerprint,
        };
        report.Groups.Add(Group("", [.. Enumerable.Range(0, questions.Count)], outcome, cancel));
        foreach (string group in order.Groups)
        {
            report.Groups.Add(Group(group, [.. Enumerable.Range(0, questions.Count).Where(i => questions[i].Query.Groups.Contains(group))], outcome, cancel));
        }
        return report;
    }

    /// <summary>Single queries, as far as they are asked for, in frames of bounded size.</summary>
    public IEnumerable<Wire.QueryResults> Queries(ConfigurationOutcome outcome)
    {
        IEnumerable<int> wanted = order.QueryReturn switch
        {
            Wire.QueryReturn.Include => Enumerable.Range(0, questions.Count),
            Wire.QueryReturn.Changed => Enumerable.Range(0, questions.Count).Where(i => !outcome.Questions[i].Values.SequenceEqual(_baseline!.Questions[i].Values)),
            _ => [],
        };
        foreach (int[] some in wanted.Chunk(QueriesOfFrame))
        {
            var frame = new Wire.QueryResults { Configuration = outcome.Name };
            frame.Queries.Add(some.Select(i => Query(questions[i].Query.QueryId, outcome.Questions[i])));
            yield return frame;
        }
    }

    /// <summary>Whether a report differs from the baseline in any metric by more than its uncertainty.</summary>
    public bool IsWithinNoise(Wire.ConfigurationReport report) =>
        report.Configuration != _baseline!.Name && report.Groups[0].Values.All(value => value.PValue > 1 - order.Confidence);

    private Wire.GroupReport Group(string name, int[] members, ConfigurationOutcome outcome, CancellationToken cancel)
    {
        var group = new Wire.GroupReport { Group = name, Queries = (uint)members.Length };
        for (int metric = 0; metric < order.Metrics.Count; metric++)
        {
            group.Values.Add(members.Length == 0 ? new Wire.MetricValue { Metric = order.Metrics[metric].ToWire(), PValue = 1 } : Value(metric, members, outcome, cancel));
        }
        return group;
    }

    private Wire.MetricValue Value(int metric, int[] members, ConfigurationOutcome outcome, CancellationToken cancel)
    {
        double[] own = [.. members.Select(i => outcome.Questions[i].Values[metric])];
        Interval interval = Bootstrap.Mean(own, order.Resamples, order.Seed, order.Confidence, cancel);
        var value = new Wire.MetricValue { Metric = order.Metrics[metric].ToWire(), Value = interval.Mean, Low = interval.Low, High = interval.High, PValue = 1 };
        if (outcome != _baseline)
        {
            double[] other = [.. members.Select(i => _baseline!.Questions[i].Values[metric])];
            value.Difference = interval.Mean - other.Average();
            value.PValue = Bootstrap.ChanceOf(own, other, order.Resamples, order.Seed, cancel);
        }
        return value;
    }

    private static Wire.QueryResult Query(string id, QuestionOutcome outcome)
    {
        var result = new Wire.QueryResult
        {
            QueryId = id,
            FirstRelevantRank = (uint)outcome.FirstRelevantRank,
            LatencyMicros = (uint)Math.Clamp(outcome.Micros, 0, uint.MaxValue),
            Error = outcome.Error is { } error ? ItemErrors.ToItem(error) : null,
        };
        result.Values.Add(outcome.Values.Select(static value => (float)value));
        return result;
    }
}
