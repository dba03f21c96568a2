using System.Globalization;
using SearchEngine.Cli.Remote;
using SearchEngine.Evaluation;
using SearchEngine.Training.Corpus;

namespace SearchEngine.Cli.Evaluating;

/// <summary>Queries with judgements, from BEIR's or TREC's files. Queries that nobody judged are left out, as trec_eval does.</summary>
internal sealed record JudgedQueries(IReadOnlyList<(string Id, string Text, Judgements Judgements)> Queries, int Unjudged)
{
    private const string BeirQueries = "queries.jsonl";

    private static readonly string BeirJudgements = Path.Combine("qrels", "test.tsv");

    /// <summary>A BEIR folder, with its test judgements.</summary>
    public static JudgedQueries OfFolder(string folder) => Read(Path.Combine(folder, BeirQueries), Path.Combine(folder, BeirJudgements));

    /// <param name="queries">JSON lines with _id and text, or lines of id, tab, text.</param>
    /// <param name="judgements">Three columns (query, document, grade) or TREC's four (query, 0, document, grade).</param>
    /// <exception cref="InputException">A file is missing or malformed, or nothing is judged.</exception>
    public static JudgedQueries Read(string queries, string judgements)
    {
        foreach (string file in (string[])[queries, judgements])
        {
            if (!File.Exists(file)) throw new InputException($"There is no file {file}.");
        }
        Dictionary<string, Judgements> judged = ReadJudgements(judgements);
        (string Id, string Text)[] all = [.. ReadQueries(queries)];
        (string Id, string Text, Judgements Judgements)[] kept =
        [
            .. all.Where(query => judged.ContainsKey(query.Id)).Select(query => (query.Id, query.Text, judged[query.Id])),
        ];
        return kept.Length > 0
            ? new JudgedQueries(kept, all.Length - kept.Length)
            : throw new InputException($"No query of {queries} is judged in {judgements}; do their ids agree?");
    }

    private static IEnumerable<(string Id, string Text)> ReadQueries(string path)
    {
        if (Path.GetExtension(path) is ".jsonl" or ".json" or ".ndjson")
        {
            return TextFiles.ReadCorpus(path).Select(query => (query.Id, query.Whole));
        }
        return File.ReadLines(path).Where(line => line.Length > 0).Select((line, index) =>
        {
            int tab = line.IndexOf('\t', StringComparison.Ordinal);
            return tab > 0 ? (line[..tab], line[(tab + 1)..]) : throw new InputException($"{path}, line {index + 1}: needs an id, a tab and a text.");
        });
    }

    private static Dictionary<string, Judgements> ReadJudgements(string path)
    {
        const int Beir = 3, Trec = 4;
        var grades = new Dictionary<string, Dictionary<string, int>>(StringComparer.Ordinal);
        long number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            string[] columns = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length == 0) continue;
            if (columns.Length is not (Beir or Trec) || !int.TryParse(columns[^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int grade))
            {
                // The head of BEIR's files.
                if (number == 1) continue;
                throw new InputException($"{path}, line {number}: needs query, document and grade, or TREC's query, 0, document and grade.");
            }
            if (!grades.TryGetValue(columns[0], out Dictionary<string, int>? query)) grades.Add(columns[0], query = new Dictionary<string, int>(StringComparer.Ordinal));
            query[columns[^2]] = grade;
        }
        return grades.ToDictionary(query => query.Key, query => new Judgements(query.Value), StringComparer.Ordinal);
    }
}
