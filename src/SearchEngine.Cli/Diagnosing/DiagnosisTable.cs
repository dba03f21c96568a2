using System.Globalization;
using SearchEngine.Cli.Output;
using SearchEngine.Cli.Transfer;

namespace SearchEngine.Cli.Diagnosing;

/// <summary>Diagnoses as people read them: the ranks stage by stage, then for each question the evidence and what to do.</summary>
internal static class DiagnosisTable
{
    private const int QuestionWidth = 40;

    private static readonly (string Name, Wire.DiagnoseStage Stage)[] Stages =
    [
        ("exact", Wire.DiagnoseStage.Exact), ("walk", Wire.DiagnoseStage.Graph), ("filtered", Wire.DiagnoseStage.Filtered),
        ("words", Wire.DiagnoseStage.Lexical), ("reranked", Wire.DiagnoseStage.Reranked),
    ];

    public static void Write(IReadOnlyList<(string Question, Wire.Id Id)> asked, Wire.DiagnoseReply reply)
    {
        Screen.Table(
            [Column.Words("question"), Column.Words("passage"), Column.Words("lost by"), .. Stages.Select(stage => Column.Number(stage.Name))],
            reply.Findings.Select((finding, i) => (IReadOnlyList<string>)
            [
                asked[i].Question.Length <= QuestionWidth ? asked[i].Question : $"{asked[i].Question[..QuestionWidth]}…", PointMap.Show(asked[i].Id), Verdict(finding),
                .. Stages.Select(stage => Rank(finding, stage.Stage)),
            ]));
        for (int i = 0; i < reply.Findings.Count; i++)
        {
            if (reply.Findings[i].Diagnosis is { } found)
            {
                Screen.Line($"  {PointMap.Show(asked[i].Id)}: {found.Evidence} {found.Fix}".TrimEnd());
            }
            else
            {
                Screen.Line($"  {PointMap.Show(asked[i].Id)}: {reply.Findings[i].Error.Message}");
            }
        }
        Screen.Line(reply.MainCause == default ? "  No passage is lost." : $"  Most are lost by: {Words(reply.MainCause)}.");
    }

    private static string Verdict(Wire.DiagnoseFinding finding) => finding.Diagnosis is { } diagnosis ? Words(diagnosis.Cause) : "the search is refused";

    private static string Words(Wire.MissCause cause) => cause switch
    {
        Wire.MissCause.Unspecified => "found",
        Wire.MissCause.NotInCorpus => "not in the corpus",
        Wire.MissCause.NotInIndex => "not in the index",
        Wire.MissCause.WrongSide => "wrong side",
        Wire.MissCause.WrongSpace => "wrong space",
        Wire.MissCause.Quantization => "quantisation",
        var other => other.ToString().ToLowerInvariant(),
    };

    private static string Rank(Wire.DiagnoseFinding finding, Wire.DiagnoseStage stage) =>
        finding.Diagnosis?.Ranks.FirstOrDefault(rank => rank.Stage == stage) is { } found
            ? found.Rank > 0 ? found.Rank.ToString(CultureInfo.InvariantCulture) : "not found"
            : "";
}
