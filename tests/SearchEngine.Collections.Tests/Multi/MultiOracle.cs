using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Tests.Segments;
using Xunit;

namespace SearchEngine.Collections.Tests.Multi;

/// <summary>Late interaction by its definition, in double.</summary>
internal static class MultiOracle
{
    /// <summary>What half precision makes of a coordinate, relative to the largest.</summary>
    private const double Precision = 2e-3;

    public static double Score(MultiSchema schema, MultiVector query, MultiVector rows)
    {
        double sum = 0;
        for (int q = 0; q < query.Rows; q++)
        {
            double best = double.NegativeInfinity;
            for (int r = 0; r < rows.Rows; r++)
            {
                best = Math.Max(best, VectorSamples.Score(schema.Metric, query.Row(q), rows.Row(r)));
            }
            sum += best;
        }
        return sum;
    }

    /// <summary>The hits are the best of all documents, in order, with their scores; near ties may stand either way.</summary>
    /// <param name="scores">Of all documents that may be found.</param>
    public static void Check(
        MultiSchema schema, MultiVector query, IReadOnlyDictionary<DocumentId, double> scores, IReadOnlyList<Hit> hits, int count, string when)
    {
        double[] best = [.. scores.Values.OrderDescending().Take(count)];
        Assert.True(best.Length == hits.Count, $"{when}: {hits.Count} hits instead of {best.Length} of {scores.Count} documents with {schema.Name}");
        Assert.True(hits.Select(static h => h.Id).Distinct().Count() == hits.Count, $"{when}: a document is found twice; suspect dead rows");
        for (int i = 0; i < hits.Count; i++)
        {
            Assert.True(scores.TryGetValue(hits[i].Id, out double score), $"{when}: {hits[i].Id} is dead, does not match or has no {schema.Name}");
            double tolerance = Precision * Math.Max(query.Rows, Math.Abs(score));
            Assert.True(Math.Abs(score - hits[i].Score) <= tolerance, $"{when}: {hits[i].Id} has score {hits[i].Score} instead of {score}");
            Assert.True(hits[i].Score >= best[i] - tolerance, $"{when}: hit {i} has score {hits[i].Score}, the true one {best[i]}");
            Assert.True(i == 0 || Compare(hits[i - 1], hits[i]) < 0, $"{when}: hits {i - 1} and {i} are not in order of score and id");
        }
    }

    public static void Same(MultiVector expected, MultiVector actual, string what)
    {
        Assert.True((expected.Dimension, expected.Rows) == (actual.Dimension, actual.Rows), $"{what}: {actual.Rows} rows instead of {expected.Rows}");
        for (int row = 0; row < expected.Rows; row++)
        {
            float largest = 0;
            foreach (float value in expected.Row(row))
            {
                largest = Math.Max(largest, Math.Abs(value));
            }
            for (int j = 0; j < expected.Dimension; j++)
            {
                Assert.True(
                    Math.Abs(expected.Row(row)[j] - actual.Row(row)[j]) <= Precision * largest,
                    $"{what}: element {j} of row {row} is {actual.Row(row)[j]} instead of {expected.Row(row)[j]}");
            }
        }
    }

    private static int Compare(Hit a, Hit b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Id.CompareTo(b.Id);
}
