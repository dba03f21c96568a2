using SearchEngine.Collections.Documents;
using SearchEngine.Server.Evaluation.Judged;

namespace SearchEngine.Server.Evaluation.Measuring;

/// <summary>A query that has a relevant point, which is what metrics count.</summary>
/// <param name="Grades">Of the judged points.</param>
/// <param name="Ideal">Grades of the relevant points, the greatest first.</param>
internal sealed record JudgedQuestion(Wire.JudgedQuery Query, IReadOnlyDictionary<DocumentId, int> Grades, int[] Ideal)
{
    public static JudgedQuestion[] Of(JudgementSet set) => [.. set.Queries.Select(query => Of(query, set.GradesOf(query.QueryId))).Where(static question => question.Ideal.Length > 0)];

    public int[] GradesOf(IReadOnlyList<(DocumentId Id, float Score)> hits) => [.. hits.Select(hit => Grades.GetValueOrDefault(hit.Id))];

    private static JudgedQuestion Of(Wire.JudgedQuery query, IReadOnlyDictionary<DocumentId, int> grades) =>
        new(query, grades, [.. grades.Values.Where(static grade => grade > 0).OrderDescending()]);
}
