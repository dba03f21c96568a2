using SearchEngine.Collections.Documents;
using SearchEngine.Server.Contract;

namespace SearchEngine.Server.Evaluation.Judged;

/// <summary>A set as the frames that it travels and is kept in.</summary>
internal static class JudgementFrames
{
    private const int ItemsOfFrame = 1_000;

    /// <summary>Frames of bounded size, the header first.</summary>
    public static IEnumerable<Wire.LoadJudgementsRequest> Of(JudgementSet set)
    {
        yield return new Wire.LoadJudgementsRequest { Header = new Wire.JudgementsHeader { Name = set.Name, Origin = set.Origin } };
        foreach (Wire.JudgedQuery[] queries in set.Queries.Chunk(ItemsOfFrame))
        {
            yield return new Wire.LoadJudgementsRequest { Queries = new Wire.JudgedQueries { Queries = { queries } } };
        }
        foreach (Wire.Judgement[] judgements in Judgements(set).Chunk(ItemsOfFrame))
        {
            yield return new Wire.LoadJudgementsRequest { Judgements = new Wire.JudgementList { Judgements = { judgements } } };
        }
    }

    /// <summary>Adds a frame that was written by <see cref="Of"/>.</summary>
    public static void Add(JudgementSet set, Wire.LoadJudgementsRequest frame)
    {
        foreach (Wire.JudgedQuery query in frame.Queries?.Queries ?? [])
        {
            set.Add(query);
        }
        foreach (Wire.Judgement judgement in frame.Judgements?.Judgements ?? [])
        {
            set.Add(judgement.QueryId, IdMap.Read(judgement.Id, ""), (int)judgement.Grade);
        }
    }

    private static IEnumerable<Wire.Judgement> Judgements(JudgementSet set) =>
        from query in set.Grades
        from judged in query.Value
        select Judgement(query.Key, judged.Key, judged.Value);

    private static Wire.Judgement Judgement(string query, DocumentId id, int grade) =>
        new() { QueryId = query, Id = IdMap.Write(id), Grade = (uint)grade };
}
