using System.Globalization;
using SearchEngine.Evaluation;
using SearchEngine.Training;
using SearchEngine.Training.Judging;

namespace SearchEngine.Cli;

/// <summary>Measures as a Markdown table: to be read in a terminal and to be pasted.</summary>
internal static class RankingTable
{
    private const string Head = "| ranked by | NDCG@10 (95 %) | recall@1 | @5 | @10 | @20 | MRR | MAP |";

    public static void Write(TrainingReport report, TextWriter output)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\n{report.Passages} passages, {report.Pieces} pieces, {report.Cut} texts cut, encoder of step {report.BestStep} of {report.Steps}"
            + $"{(report.RanOutOfTime ? ", ended by the time limit" : "")}."));
        if (report.HeldOut > 0)
        {
            output.WriteLine($"\n{report.HeldOut} held-out titles, each to find its own text:\n\n{Head}\n|---|---|--:|--:|--:|--:|--:|--:|");
            foreach (var ranking in report.Rankings)
                output.WriteLine($"{Row(ranking)} |");
        }
        output.WriteLine($"\nThe encoder is {report.Verdict}.");
        Say("NDCG@10 against BM25", report.AgainstBm25, output);
        Say("NDCG@10 against the start", report.AgainstStart, output);
    }

    public static void Write(IReadOnlyList<JudgedRanking> rankings, TextWriter output)
    {
        output.WriteLine($"{Head} NDCG@10 minus BM25's | minus the encoder's |\n|---|---|--:|--:|--:|--:|--:|--:|---|---|");
        foreach (var (ranking, againstBm25, againstEncoder) in rankings)
            output.WriteLine($"{Row(ranking)} | {Text(againstBm25)} | {(againstEncoder is { } known ? Text(known) : "")} |");
    }

    private static string Row(RankedBy row) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {row.Name} | {row.Ndcg.Mean:F3} ({row.Ndcg.Low:F3} to {row.Ndcg.High:F3}) | {row.Mean.Recall1:F3} | {row.Mean.Recall5:F3} "
        + $"| {row.Mean.Recall10:F3} | {row.Mean.Recall20:F3} | {row.Mean.ReciprocalRank:F3} | {row.Mean.AveragePrecision:F3}");

    private static void Say(string what, Interval? difference, TextWriter output)
    {
        if (difference is { } known)
            output.WriteLine($"{what}: {Text(known)}.");
    }

    private static string Text(Interval difference) => string.Create(
        CultureInfo.InvariantCulture, $"{difference.Mean:+0.000;-0.000} ({difference.Low:+0.000;-0.000} to {difference.High:+0.000;-0.000})");
}
