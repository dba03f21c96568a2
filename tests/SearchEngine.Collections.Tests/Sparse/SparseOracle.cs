using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Tests.Filters;

namespace SearchEngine.Collections.Tests.Sparse;

/// <summary>Brute force: every document that matches and shares a dimension with the query, by dot product in double.</summary>
internal static class SparseOracle
{
    public static IEnumerable<(DocumentId Id, double Score)> Ranked(IEnumerable<Document> documents, SparseSearchRequest request)
    {
        var query = new SortedDictionary<uint, float>(Of(request.Query).ToDictionary());
        return documents
            .Where(d => d.SparseVectors.ContainsKey(request.VectorName!) && FilterOracle.Matches(request.Filter, d))
            .Select(d => (d.Id, Score: Score(query, Of(d.SparseVectors[request.VectorName!]).ToDictionary())))
            .Where(static d => d.Score is not null)
            .Select(static d => (d.Id, d.Score!.Value))
            .OrderByDescending(static d => d.Item2).ThenBy(static d => d.Id);
    }

    private static double? Score(SortedDictionary<uint, float> query, Dictionary<uint, float> document)
    {
        double? sum = null;
        foreach ((uint dimension, float weight) in query)
        {
            if (document.TryGetValue(dimension, out float other))
            {
                sum = (sum ?? 0) + (double)weight * other;
            }
        }
        return sum;
    }

    private static IEnumerable<KeyValuePair<uint, float>> Of(SparseVector vector) => vector.Dimensions.ToArray().Zip(vector.Weights.ToArray())
        .Where(static e => e.Second != 0).Select(static e => KeyValuePair.Create(e.First, e.Second));
}
