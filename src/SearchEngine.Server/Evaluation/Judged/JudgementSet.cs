using SearchEngine.Collections.Documents;

namespace SearchEngine.Server.Evaluation.Judged;

/// <summary>Queries, and how relevant points are to them.</summary>
internal sealed class JudgementSet(string name)
{
    private readonly OrderedDictionary<string, Wire.JudgedQuery> _queries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<DocumentId, int>> _grades = new(StringComparer.Ordinal);

    public string Name { get; } = name;

    /// <summary>Where the vectors of queries come from; null where nobody said.</summary>
    public Wire.VectorOrigin? Origin { get; set; }

    /// <summary>In the order they came.</summary>
    public IReadOnlyList<Wire.JudgedQuery> Queries => _queries.Values;

    public int Judgements { get; private set; }

    /// <summary>Queries without a relevant point; metrics leave them out.</summary>
    public int WithoutRelevant => _queries.Keys.Count(id => !GradesOf(id).Values.Any(static grade => grade > 0));

    public IEnumerable<KeyValuePair<string, Dictionary<DocumentId, int>>> Grades => _grades;

    /// <summary>Points that are judged for any query.</summary>
    public IEnumerable<DocumentId> Judged => _grades.Values.SelectMany(static grades => grades.Keys).Distinct();

    /// <summary>Names of the groups that queries belong to, or belonged to before they were replaced.</summary>
    public IReadOnlySet<string> Groups => _groups;

    public int CountOf(string group) => _queries.Values.Count(query => query.Groups.Contains(group));

    /// <summary>Grades of what was judged for a query; empty where nothing was.</summary>
    public IReadOnlyDictionary<DocumentId, int> GradesOf(string query) =>
        _grades.TryGetValue(query, out Dictionary<DocumentId, int>? grades) ? grades : System.Collections.ObjectModel.ReadOnlyDictionary<DocumentId, int>.Empty;

    /// <returns>False where one of that id was there, and is replaced.</returns>
    public bool Add(Wire.JudgedQuery query)
    {
        bool isNew = !_queries.ContainsKey(query.QueryId);
        _queries[query.QueryId] = query;
        _groups.UnionWith(query.Groups);
        return isNew;
    }

    /// <returns>False where there was one of that query and point, and is replaced.</returns>
    public bool Add(string query, DocumentId id, int grade)
    {
        if (!_grades.TryGetValue(query, out Dictionary<DocumentId, int>? grades))
        {
            _grades.Add(query, grades = []);
        }
        bool isNew = grades.TryAdd(id, grade);
        if (isNew)
        {
            Judgements++;
        }
        else
        {
            grades[id] = grade;
        }
        return isNew;
    }

    /// <summary>Adds what another set holds; what both have is the other's from now on.</summary>
    public void Take(JudgementSet other)
    {
        Origin = other.Origin ?? Origin;
        foreach (Wire.JudgedQuery query in other.Queries)
        {
            Add(query);
        }
        foreach ((string query, Dictionary<DocumentId, int> grades) in other._grades)
        {
            foreach ((DocumentId id, int grade) in grades)
            {
                Add(query, id, grade);
            }
        }
    }
}
