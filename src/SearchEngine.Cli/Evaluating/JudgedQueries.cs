using System.Globalization;
using SearchEngine.Cli.Remote;
using SearchEngine.Training.Corpus;

namespace SearchEngine.Cli.Evaluating;

/// <summary>Queries with judgements, from BEIR's or TREC's files. Queries that nobody judged are left out, as trec_eval does.</summary>
internal sealed record JudgedQueries(IReadOnlyList<JudgedQueries.Query> Queries, int Unjudged)
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
        Dictionary<string, Dictionary<string, int>> judged = ReadJudgements(judgements);
        (string Id, string Text)[] all = [.. ReadQueries(queries)];
        Query[] kept = [.. all.Where(query => judged.ContainsKey(query.Id)).Select(query => new Query(query.Id, query.Text, judged[query.Id], []))];
        return kept.Length > 0
            ? new JudgedQueries(kept, all.Length - kept.Length)
            : throw new InputException($"No query of {queries} is judged in {judgements}; do their ids agree?");
    }

    /// <summary>With the groups of a file: lines of query id, tab, group; a query may have several lines, or none.</summary>
    public JudgedQueries InGroups(string path)
    {
        if (!File.Exists(path)) throw new InputException($"There is no file {path}.");
        ILookup<string, string> groups = File.ReadLines(path).Where(line => line.Length > 0).Select((line, index) =>
        {
            int tab = line.IndexOf('\t', StringComparison.Ordinal);
            return tab > 0 ? (Id: line[..tab], Group: line[(tab + 1)..].Trim()) : throw new InputException($"{path}, line {index + 1}: needs a query's id, a tab and a group.");
        }).ToLookup(line => line.Id, line => line.Group, StringComparer.Ordinal);
        return this with { Queries = [.. Queries.Select(query => query with { Groups = [.. groups[query.Id].Distinct(StringComparer.Ordinal)] })] };
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

    private static Dictionary<string, Dictionary<string, int>> ReadJudgements(string path)
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
        return grades;
    }

    /// <summary>One of them.</summary>
    /// <param name="Grades">By the id of the document; below 0, as some collections mark spam, is not relevant.</param>
    internal sealed record Query(string Id, string Text, IReadOnlyDictionary<string, int> Grades, IReadOnlyList<string> Groups);
}
