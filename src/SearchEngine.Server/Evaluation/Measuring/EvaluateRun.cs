using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Evaluation.Ranking;
using SearchEngine.Server.Search;

namespace SearchEngine.Server.Evaluation.Measuring;

/// <summary>Evaluation.Evaluate: one configuration after the other, so that they do not slow each other down, and all side by side at the end.</summary>
internal sealed class EvaluateRun(ServerState server, SearchRunner runner, CallContext context)
{
    public async Task RunAsync(Wire.EvaluateRequest request, ReplyStream<Wire.EvaluateFrame> replies)
    {
        EvaluateOrder order = EvaluateOrder.Read(request, server, context);
        JudgedQuestion[] questions = JudgedQuestion.Of(order.Set);
        var progress = new ProgressFrames(server.Time, now => replies.WriteAsync(new Wire.EvaluateFrame { Progress = now }));
        var reports = new Reports(order, questions);
        var summary = new Wire.EvaluateReport { Judgements = order.Summary, Machine = Machine.Describe() };
        foreach (ConfigurationOrder configuration in order.Configurations)
        {
            var ranker = new QueryRanker(server, runner, configuration, order.Set.Origin);
            var run = new ConfigurationRun(ranker, configuration, questions, order.Metrics);
            ConfigurationOutcome outcome = await progress.FollowAsync(
                configuration.Name, () => run.Done, questions.Length, Task.Run(() => run.RunAsync(order.Concurrency, context.Cancellation)), context.Cancellation).ConfigureAwait(false);
            Wire.ConfigurationReport report = reports.Of(outcome, context.Cancellation);
            summary.Reports.Add(report);
            foreach (Wire.QueryResults queries in reports.Queries(outcome))
            {
                await replies.WriteAsync(new Wire.EvaluateFrame { Queries = queries }).ConfigureAwait(false);
            }
            await replies.WriteAsync(new Wire.EvaluateFrame { Report = report }).ConfigureAwait(false);
        }
        Warn(order, questions.Length, summary, reports);
        summary.Header = context.ReplyHeader();
        await replies.WriteAsync(new Wire.EvaluateFrame { Summary = summary }).ConfigureAwait(false);
    }

    private void Warn(EvaluateOrder order, int questions, Wire.EvaluateReport summary, Reports reports)
    {
        if (questions < EvaluationLimits.FewQueries)
        {
            context.Warn(
                Wire.WarningKind.FewQueries, "judgements",
                $"{questions} queries have a relevant point; below {EvaluationLimits.FewQueries} differences between configurations are mostly noise.");
        }
        for (int i = 1; i < summary.Reports.Count; i++)
        {
            if (reports.IsWithinNoise(summary.Reports[i]))
            {
                context.Warn(
                    Wire.WarningKind.WithinNoise, $"configurations[{i}]",
                    $"\"{order.Configurations[i].Name}\" differs from \"{order.Configurations[0].Name}\" by no more than the uncertainty of the measurement.");
            }
        }
    }
}
