using SearchEngine.Evaluation;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Evaluation.Measuring;
using SearchEngine.Server.Evaluation.Ranking;
using SearchEngine.Server.Search;
using SearchEngine.Server.Search.Admission;
using Engine = SearchEngine.Collections.Search;
using Schema = SearchEngine.Collections.Schema;

namespace SearchEngine.Server.Evaluation.Sweeping;

/// <summary>Measures one combination: first one query at a time, then as many as there are processors, never both at once.</summary>
internal sealed class SweepMeasurement(PatientSearch searches, SweepOrder order, SweepQuery[] queries, CallContext context, TimeProvider time)
{
    /// <summary>Queries that touch what is measured before anything is.</summary>
    private const int WarmUp = 50;

    /// <summary>Of one measurement of the throughput.</summary>
    private static readonly TimeSpan LeastTime = TimeSpan.FromMilliseconds(250);

    public async Task<Wire.SweepPoint> RunAsync(SweepSetting setting)
    {
        SearchOrder[] orders = [.. queries.Select(query => With(query, setting))];
        await AloneAsync(orders[..Math.Min(WarmUp, orders.Length)], []).ConfigureAwait(false);
        var micros = new List<long>(orders.Length * order.Repeats);
        var rates = new List<double>(order.Repeats);
        IReadOnlyList<IReadOnlyList<Engine.Hit>> answers = [];
        for (int repeat = 0; repeat < order.Repeats; repeat++)
        {
            answers = await AloneAsync(orders, micros).ConfigureAwait(false);
            rates.Add(await SaturatedAsync(orders).ConfigureAwait(false));
        }
        var point = new Wire.SweepPoint
        {
            WalkDimension = (uint)setting.WalkDimension,
            RescoreDimension = (uint)setting.RescoreDimension,
            WalkCode = setting.Code,
            Breadth = (uint)setting.Breadth,
            Latency = Latencies.Of(micros),
            QueriesPerSecond = (float)rates.Average(),
            QueriesPerSecondDeviation = (float)Deviation(rates),
            BytesPerPoint = WalkBytes.Of(order.Vector, setting),
        };
        Judge(answers, point);
        return point;
    }

    private void Judge(IReadOnlyList<IReadOnlyList<Engine.Hit>> answers, Wire.SweepPoint point)
    {
        Engine.Hit[][] found = [.. queries.Select((query, i) => query.Without(answers[i]).Take(order.Hits).ToArray())];
        double[] recalls = [.. queries.Select((query, i) => RecallOf(query, found[i]))];
        Interval recall = Bootstrap.Mean(recalls, EvaluationLimits.DefaultResamples);
        (point.Recall, point.RecallLow, point.RecallHigh) = ((float)recall.Mean, (float)recall.Low, (float)recall.High);
        var ndcg = new Metric(Wire.QualityMetric.Ndcg, order.Hits);
        double[] gains =
        [
            .. queries.Select((query, i) => (query.Question, Hits: found[i])).Where(static one => one.Question is not null)
                .Select(one => ndcg.Of(one.Question!.GradesOf([.. one.Hits.Select(static hit => (hit.Id, hit.Score))]), one.Question.Ideal)),
        ];
        point.Ndcg = gains.Length == 0 ? 0 : (float)gains.Average();
    }

    private async Task<IReadOnlyList<IReadOnlyList<Engine.Hit>>> AloneAsync(SearchOrder[] orders, List<long> micros)
    {
        var answers = new IReadOnlyList<Engine.Hit>[orders.Length];
        for (int i = 0; i < orders.Length; i++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            SearchAnswer answer = await searches.RunAsync(orders[i], context).ConfigureAwait(false);
            micros.Add(answer.Micros);
            answers[i] = answer.Result.Hits;
        }
        return answers;
    }

    /// <summary>Searches per second and processor, for long enough that starting and ending do not count.</summary>
    private async Task<double> SaturatedAsync(SearchOrder[] orders)
    {
        int processors = Environment.ProcessorCount, next = -1;
        long began = time.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, processors).Select(_ => Task.Run(async () =>
        {
            CallContext flow = context.Beside();
            for (int i = Interlocked.Increment(ref next); i < orders.Length || time.GetElapsedTime(began) < LeastTime; i = Interlocked.Increment(ref next))
            {
                context.Cancellation.ThrowIfCancellationRequested();
                await searches.RunAsync(orders[i % orders.Length], flow).ConfigureAwait(false);
            }
        }))).ConfigureAwait(false);
        // Each flow has taken one number that it did not search.
        return (next + 1 - processors) / time.GetElapsedTime(began).TotalSeconds / processors;
    }

    private SearchOrder With(SweepQuery query, SweepSetting setting)
    {
        SearchOrder taken = query.Order.Taking(query.Asked(order.Hits));
        ShapeKind kind = taken.Request.Filter.IsEmpty ? ShapeKind.Walk : ShapeKind.Filtered;
        return taken with
        {
            Request = (Engine.SearchRequest)taken.Request with
            {
                Accuracy = Engine.Accuracy.OfBreadth(setting.Breadth),
                WalkDimension = setting.WalkDimension == order.Vector.Dimension ? null : setting.WalkDimension,
                RescoreDimension = setting.RescoreDimension == order.Vector.Dimension ? null : setting.RescoreDimension,
                WalkCode = setting.Code switch
                {
                    Wire.WalkCode.Int8 => Schema.WalkCode.Int8,
                    Wire.WalkCode.Bit => Schema.WalkCode.Bit,
                    Wire.WalkCode.BitThenInt8 => Schema.WalkCode.BitThenInt8,
                    _ => null,
                },
            },
            Components = [.. taken.Components.Select(c => c with { Shape = c.Shape with { Kind = kind, Breadth = setting.Breadth } })],
        };
    }

    private static double RecallOf(SweepQuery query, Engine.Hit[] hits) =>
        query.Wanted == 0 ? 1 : (double)Math.Min(query.Wanted, hits.Count(hit => query.Truth.Contains(hit.Id))) / query.Wanted;

    private static double Deviation(List<double> values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, values.Count - 1));
    }
}
