using System.Globalization;
using SearchEngine.Evaluation.Diagnosing;
using SearchEngine.Server.Search;

namespace SearchEngine.Server.Evaluation.Diagnosing;

/// <summary>Verdicts for people: the evidence with its numbers, and what to do.</summary>
internal static class DiagnosisText
{
    public static Wire.MissCause CauseOf(LossStage stage) => stage switch
    {
        LossStage.Corpus => Wire.MissCause.NotInCorpus,
        LossStage.Index => Wire.MissCause.NotInIndex,
        LossStage.Truncation => Wire.MissCause.Truncated,
        LossStage.Side => Wire.MissCause.WrongSide,
        LossStage.Space => Wire.MissCause.WrongSpace,
        LossStage.Model => Wire.MissCause.Model,
        LossStage.Graph => Wire.MissCause.Graph,
        LossStage.Filter => Wire.MissCause.Filter,
        LossStage.Quantization => Wire.MissCause.Quantization,
        LossStage.Threshold => Wire.MissCause.Threshold,
        LossStage.Fusion => Wire.MissCause.Fusion,
        LossStage.Rerank => Wire.MissCause.Rerank,
        _ => Wire.MissCause.Unspecified,
    };

    /// <param name="stages">At fault, the earliest first.</param>
    public static string Evidence(Diagnosis diagnosis, IReadOnlyList<LossStage> stages)
    {
        if (stages.Count == 0)
        {
            return $"The search finds it, at rank {diagnosis.Facts.RerankedRank ?? diagnosis.Facts.FoundRank}.";
        }
        string first = Evidence(diagnosis, stages[0]);
        return stages.Count == 1 ? first : $"{first} Also: {string.Join(" ", stages.Skip(1).Select(stage => Evidence(diagnosis, stage)))}";
    }

    public static string Fix(IReadOnlyList<LossStage> stages) => stages.Count == 0 ? "" : stages[0] switch
    {
        LossStage.Corpus => "Write the point, or look for the id under which it was written.",
        LossStage.Index => "Write the point again with the vector, or with the text that it is made from.",
        LossStage.Truncation => "Cut the text into passages before it is written, or bind an encoder that reads more.",
        LossStage.Side => "Encode queries on the side QUERY and points on the side DOCUMENT, and write again what was encoded wrongly.",
        LossStage.Space => "Encode query and points with the collection's encoder; write the point again if its text or the encoder has changed.",
        LossStage.Model => "Rerank more candidates, search for the words as well, or adapt the encoder to such questions.",
        LossStage.Graph => "Raise the breadth or the target recall, or search exactly.",
        LossStage.Filter => "Change the filter, or the point's attributes.",
        LossStage.Quantization => "Raise walk.oversampling, or walk and rescore with more dimensions.",
        LossStage.Threshold => "Lower min_score.",
        LossStage.Fusion => "Give the component that finds it more weight, or more candidates.",
        _ => "Use a better rerank model, or leave out reranking for such questions.",
    };

    private static string Evidence(Diagnosis diagnosis, LossStage stage)
    {
        LossFacts facts = diagnosis.Facts;
        return stage switch
        {
            LossStage.Corpus => "There is no such point in the collection.",
            LossStage.Index => "The point exists and has nothing that this search could find it by.",
            LossStage.Truncation =>
                $"The encoder read {diagnosis.TextUse!.TokensUsed} of the text's {diagnosis.TextUse.TokensIn} tokens; an exact search ranks that {RankOf(diagnosis)}, while a part that was cut off would be among the first {facts.Candidates}.",
            LossStage.Side => $"{SideOf(diagnosis)} An exact search ranks the point {RankOf(diagnosis)}.",
            LossStage.Space => $"{SpaceOf(diagnosis)} An exact search ranks the point {RankOf(diagnosis)}.",
            LossStage.Model when facts.BestComponentRank is { } best => $"No component ranks it among the first {facts.Candidates}{(best > 0 ? $"; the best one has it at {best}" : "")}.",
            LossStage.Model when diagnosis.Score is null => "It has none of the query's words.",
            LossStage.Model => $"Even an exact search ranks it {RankOf(diagnosis)}, {facts.Candidates} are looked at; its score is {Number(diagnosis.Score)}.{Checked(facts)}",
            LossStage.Graph => $"An exact search ranks it {RankOf(diagnosis)}; the walk does not come to it, however many candidates are rescored.",
            LossStage.Filter => "The filter excludes it.",
            LossStage.Quantization =>
                $"An exact search ranks it {RankOf(diagnosis)}; the walk finds it only when more candidates are rescored from their whole vectors (then at rank {facts.RescoredRank}).",
            LossStage.Threshold => $"Its score is {Number(diagnosis.Score)}, the least one asked for {Number(diagnosis.LeastScore)}.",
            LossStage.Fusion => $"A component ranks it {facts.BestComponentRank}, the fusion {(facts.FoundRank > 0 ? $"{facts.FoundRank}" : $"behind the first {facts.Candidates}")}.",
            _ => $"The first stage finds it at rank {facts.FoundRank}, the rerank model puts it at rank {facts.RerankedRank}.",
        };
    }

    private static string SideOf(Diagnosis diagnosis) => diagnosis.Refused
        ?? (diagnosis.Facts.Query == EncodingState.OtherSide
            ? "The query's vector is what the encoder makes of its text on the side DOCUMENT."
            : "The point's vector is what the encoder makes of its text on the side QUERY.");

    private static string SpaceOf(Diagnosis diagnosis) => diagnosis.Refused
        ?? (diagnosis.Facts.Query == EncodingState.Elsewhere
            ? $"The query's vector is not what the encoder makes of its text (cosine {Number(diagnosis.QueryCosine)})."
            : $"The point's vector is not what the encoder makes of its text (cosine {Number(diagnosis.DocumentCosine)}).");

    private static string RankOf(Diagnosis diagnosis) =>
        diagnosis.CompetingRank > 0 ? $"at {diagnosis.CompetingRank}" : diagnosis.Refused is not null ? "nowhere, since it was refused" : $"behind the first {SearchLimits.MaxExplainedRank}";

    private static string Checked(LossFacts facts) =>
        facts is { Query: EncodingState.Unknown, Document: EncodingState.Unknown } ? " Whether the vectors are those of their texts could not be asked." : "";

    private static string Number(float? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "unknown";
}
