using SearchEngine.Evaluation;
using SearchEngine.Training.Corpus;

namespace SearchEngine.Training.Judging;

/// <summary>A test collection in BEIR's layout: corpus.jsonl, queries.jsonl, qrels/test.tsv. Queries without judgements are left out.</summary>
public sealed record JudgedCollection(
    IReadOnlyList<Passage> Documents, IReadOnlyList<Passage> Queries, IReadOnlyDictionary<string, Judgements> Judgements)
{
    /// <exception cref="CorpusException">A file is missing or malformed, or no query is judged.</exception>
    public static JudgedCollection Read(string folder)
    {
        string Need(string name)
        {
            var path = Path.Combine(folder, name);
            return File.Exists(path)
                ? path
                : throw new CorpusException($"{path} is missing; a collection has corpus.jsonl, queries.jsonl and qrels/test.tsv.");
        }
        var judgements = TextFiles.ReadJudgements(Need(Path.Combine("qrels", "test.tsv")));
        List<Passage> queries = [.. TextFiles.ReadCorpus(Need("queries.jsonl")).Where(query => judgements.ContainsKey(query.Id))];
        return queries.Count > 0
            ? new JudgedCollection(TextFiles.ReadCorpus(Need("corpus.jsonl")), queries, judgements)
            : throw new CorpusException($"{folder}: no query of queries.jsonl is judged in qrels/test.tsv.");
    }

    internal QueryMetrics[] Judge(Func<int, IEnumerable<ScoredDocument>> ranking) =>
        [.. Queries.Select((query, i) => QueryMetrics.Of(ranking(i), Judgements[query.Id]))];
}
