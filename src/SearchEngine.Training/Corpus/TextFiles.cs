using System.Globalization;
using System.Text.Json;
using SearchEngine.Evaluation;

namespace SearchEngine.Training.Corpus;

/// <summary>Reads texts and judgements in BEIR's layout: JSON lines with _id, title and text; tab-separated judgements.</summary>
public static class TextFiles
{
    /// <summary>Characters of one line; a longer one is a wrong file rather than a document.</summary>
    private const int LongestLine = 64 << 20;

    /// <summary>Documents of one corpus.</summary>
    private const int MostDocuments = 10_000_000;

    /// <exception cref="CorpusException">A line is not an object with a text, an id comes twice, or there are too many.</exception>
    public static List<Passage> ReadCorpus(string path)
    {
        var passages = new List<Passage>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (number, line) in Lines(path))
        {
            var passage = ReadPassage(path, number, line);
            if (!ids.Add(passage.Id))
                throw new CorpusException($"{path}, line {number}: the id \"{passage.Id}\" comes twice; ids name one document each.");
            if (passages.Count == MostDocuments)
                throw new CorpusException($"{path} has more than {MostDocuments} documents; train on a sample.");
            passages.Add(passage);
        }
        return passages;
    }

    /// <summary>Judgements of queries by query id, as in qrels/test.tsv: query id, document id, grade.</summary>
    /// <exception cref="CorpusException">A line has not three columns, or its grade is no whole number.</exception>
    public static Dictionary<string, Judgements> ReadJudgements(string path)
    {
        const int Columns = 3;
        var grades = new Dictionary<string, Dictionary<string, int>>(StringComparer.Ordinal);
        foreach (var (number, line) in Lines(path))
        {
            var columns = line.Split('\t');
            var isGrade = columns.Length == Columns
                & int.TryParse(columns[^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var grade);
            if (!isGrade && number == 1)
                continue;
            if (!isGrade)
                throw new CorpusException($"{path}, line {number}: needs a query id, a document id and a grade, with tabs between.");
            if (!grades.TryGetValue(columns[0], out var query))
                grades.Add(columns[0], query = new Dictionary<string, int>(StringComparer.Ordinal));
            query[columns[1]] = grade;
        }
        return grades.ToDictionary(query => query.Key, query => new Judgements(query.Value), StringComparer.Ordinal);
    }

    /// <summary>Labelled pairs: a query and the id of a document that answers it, with a tab between.</summary>
    /// <exception cref="CorpusException">A line has not two columns.</exception>
    public static List<(string Query, string DocumentId)> ReadPairs(string path)
    {
        var pairs = new List<(string Query, string DocumentId)>();
        foreach (var (number, line) in Lines(path))
        {
            var tab = line.LastIndexOf('\t');
            if (tab <= 0 || tab == line.Length - 1)
                throw new CorpusException($"{path}, line {number}: needs a query and a document id, with a tab between.");
            pairs.Add((line[..tab].Replace('\t', ' '), line[(tab + 1)..]));
        }
        return pairs;
    }

    private static Passage ReadPassage(string path, int number, string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            var id = root.TryGetProperty("_id", out var given) ? given.ToString() : number.ToString(CultureInfo.InvariantCulture);
            var title = root.TryGetProperty("title", out var headline) ? headline.GetString() : "";
            return new Passage(id, (title ?? "").Trim(), (root.GetProperty("text").GetString() ?? "").Trim());
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new CorpusException(
                $"{path}, line {number}: needs a JSON object with \"text\" and, if it has them, \"_id\" and \"title\". {fault.Message}", fault);
        }
    }

    private static IEnumerable<(int Number, string Line)> Lines(string path)
    {
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.Length > LongestLine)
                throw new CorpusException($"{path}, line {number}: has {line.Length} characters, {LongestLine} are read at most.");
            if (!string.IsNullOrWhiteSpace(line))
                yield return (number, line);
        }
    }
}
