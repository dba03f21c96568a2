using SearchEngine.Collections.Filters;
using SearchEngine.Evaluation;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Evaluation.Measuring;
using SearchEngine.Server.Evaluation.Ranking;
using SearchEngine.Server.Search;

namespace SearchEngine.Server.Evaluation.Sweeping;

/// <summary>Evaluation.Sweep: truth first, then one combination after the other, each told when it is measured.</summary>
internal sealed class SweepRun(ServerState server, SearchRunner runner, CallContext context)
{
    public async Task RunAsync(Wire.SweepRequest request, ReplyStream<Wire.SweepFrame> replies)
    {
        SweepOrder order = SweepOrder.Read(request, server, context);
        var progress = new ProgressFrames(server.Time, now => replies.WriteAsync(new Wire.SweepFrame { Progress = now }));
        var source = new SweepQueries(server, runner, order, context);
        SweepQuery[] queries = await progress.FollowAsync("queries", static () => 0, 0, Task.Run(source.ReadAsync), context.Cancellation).ConfigureAwait(false);
        int known = 0;
        await progress.FollowAsync("exact answers", () => Volatile.Read(ref known), queries.Length, Task.Run(() => FindTruthAsync(source, queries, () => Interlocked.Increment(ref known))), context.Cancellation).ConfigureAwait(false);
        var measurement = new SweepMeasurement(new PatientSearch(runner, server.Time), order, queries, context, server.Time);
        var report = new Wire.SweepReport { Machine = Machine.Describe(), CollectionPoints = (ulong)context.Collection.Count(context.Restrict(Filter.All)) };
        for (int i = 0; i < order.Settings.Count; i++)
        {
            (int done, SweepSetting setting) = (i, order.Settings[i]);
            Wire.SweepPoint point = await progress.FollowAsync(
                "combinations", () => done, order.Settings.Count, Task.Run(() => measurement.RunAsync(setting)), context.Cancellation).ConfigureAwait(false);
            report.Points.Add(point);
            await replies.WriteAsync(new Wire.SweepFrame { Point = point.Clone() }).ConfigureAwait(false);
        }
        bool[] front = ParetoFront.Of([.. report.Points.Select(static point => new double[] { point.Recall, -(double)point.Latency.P50Micros, -point.BytesPerPoint })]);
        for (int i = 0; i < front.Length; i++)
        {
            report.Points[i].Pareto = front[i];
        }
        if (queries.Length < EvaluationLimits.FewQueries)
        {
            context.Warn(Wire.WarningKind.FewQueries, "judgements", $"{queries.Length} queries; below {EvaluationLimits.FewQueries} recalls and times are rough.");
        }
        report.Header = context.ReplyHeader();
        await replies.WriteAsync(new Wire.SweepFrame { Report = report }).ConfigureAwait(false);
    }

    private async Task<bool> FindTruthAsync(SweepQueries source, SweepQuery[] queries, Action found)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = context.Cancellation };
        await Parallel.ForEachAsync(queries, parallel, async (query, _) =>
        {
            await source.FindTruthAsync(query, context.Beside()).ConfigureAwait(false);
            found();
        }).ConfigureAwait(false);
        return true;
    }
}
