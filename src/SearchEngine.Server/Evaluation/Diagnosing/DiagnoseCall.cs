using SearchEngine.Collections;
using SearchEngine.Evaluation.Diagnosing;
using SearchEngine.Rpc;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Encoders;
using SearchEngine.Server.Evaluation.Ranking;
using SearchEngine.Server.Search;

namespace SearchEngine.Server.Evaluation.Diagnosing;

/// <summary>Search.Diagnose: one finding per item, and the cause of most of them.</summary>
internal sealed class DiagnoseCall(ServerState server, SearchRunner runner)
{
    /// <summary>Of a call whose caller set no deadline: each item makes several searches, some of them exact.</summary>
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromMinutes(5);

    private const int MaxItems = 50;

    public async Task<Wire.DiagnoseReply> RunAsync(Wire.DiagnoseRequest request, CallContext context)
    {
        if (request.Items.Count == 0)
        {
            throw Refusal.Required("items", "Send queries, each with the point that it should find.");
        }
        if (request.Items.Count > MaxItems)
        {
            throw Refusal.Limit("items", request.Items.Count, MaxItems, "items", "About five are enough for a verdict.");
        }
        if (request.Rerank is { } rerank)
        {
            RerankStage.Check(rerank, context, "rerank");
        }
        var diagnoser = new Diagnoser(server, runner, context, request.Rerank);
        var reply = new Wire.DiagnoseReply();
        foreach (Wire.DiagnoseItem item in request.Items)
        {
            reply.Findings.Add(await FindAsync(item, diagnoser, context).ConfigureAwait(false));
        }
        reply.MainCause = reply.Findings.Select(static finding => finding.Diagnosis?.Cause ?? default).Where(static cause => cause != default)
            .GroupBy(static cause => cause).OrderByDescending(static group => group.Count()).ThenBy(static group => group.Key).FirstOrDefault()?.Key ?? default;
        reply.Header = context.ReplyHeader();
        return reply;
    }

    private static async Task<Wire.DiagnoseFinding> FindAsync(Wire.DiagnoseItem item, Diagnoser diagnoser, CallContext context)
    {
        try
        {
            Check(item);
            return new Wire.DiagnoseFinding { Diagnosis = Write(await diagnoser.RunAsync(item).ConfigureAwait(false)) };
        }
        catch (RpcException refused)
        {
            return new Wire.DiagnoseFinding { Error = ItemErrors.ToItem(refused) };
        }
        catch (CollectionException refused)
        {
            return new Wire.DiagnoseFinding { Error = ItemErrors.ToItem(SearchErrors.Of(refused, context)) };
        }
    }

    private static void Check(Wire.DiagnoseItem item)
    {
        if (item.Search is null)
        {
            throw Refusal.Required("search", "Set the search as it is run.");
        }
        if (item.Search.Header is not null)
        {
            throw Refusal.Invalid("search.header", "A search of a diagnosis has a header of its own.", "Leave it unset; the request's counts for all.");
        }
        TextLength.Check(item.Text, EncoderLimits.MaxQueryBytes, "text");
        TextCheck.Characters(item.Text, "text");
        IdMap.Read(item.Expected, "expected");
    }

    private static Wire.Diagnosis Write(Diagnosis diagnosis)
    {
        IReadOnlyList<LossStage> stages = LossVerdict.Of(diagnosis.Facts);
        var written = new Wire.Diagnosis
        {
            Cause = stages.Count == 0 ? default : DiagnosisText.CauseOf(stages[0]),
            Evidence = DiagnosisText.Evidence(diagnosis, stages),
            Fix = DiagnosisText.Fix(stages),
            TextUse = diagnosis.TextUse,
            Fingerprint = diagnosis.Fingerprint,
            FirstHit = diagnosis.FirstHit,
        };
        written.Ranks.Add(diagnosis.Ranks);
        return written;
    }
}
