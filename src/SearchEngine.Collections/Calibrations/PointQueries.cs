using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Views;
using SearchEngine.Vectors;

namespace SearchEngine.Collections.Calibrations;

/// <summary>Queries made of the documents of a view, as segments make theirs when they are tuned.</summary>
/// <param name="search">Answers as searches of the view do.</param>
internal sealed class PointQueries(View view, int vector, Func<SearchRequest, SearchResult> search)
{
    private readonly VectorSchema _schema = view.Schema.Vectors[vector];
    private readonly List<RowAddress> _rows = [];

    public float[][] Make(int most)
    {
        _rows.AddRange(SpreadRows.Of(view, vector, most));
        uint[] chosen = [.. Enumerable.Range(0, _rows.Count).Select(static i => (uint)i)];
        return [.. MadeQueries.Make(most, chosen, _schema.Dimension, Read, Neighbours).Where(IsAsked)];
    }

    // Directions are compared where lengths do not count.
    private void Read(uint at, Span<float> values)
    {
        RowAddress row = _rows[(int)at];
        view.Sources[row.Source].CopyVector(vector, row.Ordinal, values);
        if (_schema.Metric == VectorMetric.Cosine && Norm(values) is > 0 and float norm)
        {
            foreach (ref float value in values)
            {
                value /= norm;
            }
        }
    }

    private int Neighbours(ReadOnlySpan<float> query, in SearchOptions options, Span<Candidate> hits)
    {
        SearchResult found = search(new SearchRequest
        {
            VectorName = _schema.Name,
            Query = query.ToArray(),
            Count = hits.Length,
            Accuracy = Accuracy.OfBreadth(options.Breadth),
        });
        for (int i = 0; i < found.Hits.Count; i++)
        {
            hits[i] = new Candidate((uint)_rows.Count, found.Hits[i].Score);
            _rows.Add(found.Hits[i].Row);
        }
        return found.Hits.Count;
    }

    private bool IsAsked(float[] query) => _schema.Metric != VectorMetric.Cosine || Norm(query) > 0;

    private static float Norm(ReadOnlySpan<float> values)
    {
        double squares = 0;
        foreach (float value in values)
        {
            squares += (double)value * value;
        }
        return (float)Math.Sqrt(squares);
    }
}
