using SearchEngine.Training.Numerics;
using SearchEngine.Vectors;

namespace SearchEngine.Training.Learning;

/// <summary>Vectors in the project's own search core: the nearest of many, for judging and for mining.</summary>
internal sealed class DocumentIndex : IDisposable
{
    /// <summary>Up to this many scores for all queries together every row is scored; beyond, the graph is walked.</summary>
    private const long MostScores = 100_000_000;

    private const int BuildBreadth = 64;

    private readonly VectorSegment _segment;
    private readonly int _dimension;
    private readonly Workers _workers;

    public DocumentIndex(float[] vectors, int dimension, int threads, Workers workers)
    {
        (_dimension, _workers) = (dimension, workers);
        _segment = VectorSegment.Build(
            new FloatRowSource(vectors, dimension), new SegmentOptions { BuildBreadth = BuildBreadth, Threads = threads });
    }

    /// <summary>The nearest rows of each query by row number, best first.</summary>
    public (int Row, float Score)[][] Nearest(float[] queries, int count)
    {
        var found = new (int Row, float Score)[queries.Length / _dimension][];
        var isScanned = (long)found.Length * _segment.Count <= MostScores;
        var batches = (found.Length + ExactSearcher.BatchQueries - 1) / ExactSearcher.BatchQueries;
        _workers.For(batches, batch =>
        {
            var first = batch * ExactSearcher.BatchQueries;
            var size = Math.Min(ExactSearcher.BatchQueries, found.Length - first);
            var hits = new Candidate[size * count];
            var part = queries.AsSpan(first * _dimension, size * _dimension);
            var each = isScanned ? Scan(part, size, hits) : Walk(part, size, hits, count);
            for (var i = 0; i < size; i++)
            {
                found[first + i] = [.. hits.AsSpan(i * count, each[i]).ToArray()
                    .Select(hit => (Row: (int)_segment.SourceRow(hit.Ordinal), hit.Score))
                    .OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Row)];
            }
        });
        return found;
    }

    public void Dispose() => _segment.Dispose();

    private int[] Scan(ReadOnlySpan<float> queries, int size, Candidate[] hits)
    {
        using var exact = _segment.CreateExactSearcher();
        return [.. Enumerable.Repeat(exact.Search(queries, new SearchOptions(), hits), size)];
    }

    private int[] Walk(ReadOnlySpan<float> queries, int size, Candidate[] hits, int count)
    {
        using var searcher = _segment.CreateSearcher();
        var found = new int[size];
        for (var i = 0; i < size; i++)
            found[i] = searcher.Search(queries.Slice(i * _dimension, _dimension), new SearchOptions(), hits.AsSpan(i * count, count));
        return found;
    }
}
