namespace SearchEngine.Evaluation;

/// <summary>
/// What people judged of one query: a grade per document. As in trec_eval a document counts as relevant from grade 1 on, and a
/// document that nobody judged counts as not relevant.
/// </summary>
public sealed class Judgements
{
    private readonly Dictionary<string, int> _grades;
    private readonly int[] _ideal;

    public Judgements(IEnumerable<KeyValuePair<string, int>> grades)
    {
        _grades = new Dictionary<string, int>(grades, StringComparer.Ordinal);
        _ideal = [.. _grades.Values.Where(grade => grade > 0).OrderDescending()];
    }

    /// <summary>Relevant documents that were judged.</summary>
    public int Relevant => _ideal.Length;

    /// <summary>Grades of the relevant documents, greatest first: the ranking that nothing can beat.</summary>
    public ReadOnlySpan<int> Ideal => _ideal;

    /// <summary>A document's grade; 0 where it was not judged.</summary>
    public int GradeOf(string id) => _grades.GetValueOrDefault(id);

    /// <summary>Grades of a ranking, best document first, in the form that <see cref="RankingMetrics"/> takes.</summary>
    public int[] GradesOf(IEnumerable<ScoredDocument> ranking) => [.. ranking.Select(document => GradeOf(document.Id))];
}
