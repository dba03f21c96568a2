using SearchEngine.Collections.Search;
using SearchEngine.Collections.Views;
using SearchEngine.Vectors;

namespace SearchEngine.Collections.Calibrations;

/// <summary>
/// The score of the last right hit of each query, for each number of hits, by scoring every row of a view: of equal rows any is right. A
/// row is fetched once for many queries.
/// </summary>
internal sealed class ExactScores
{
    /// <summary>One row is scored in company by exact answers and alone by walks; the sums differ by rounding.</summary>
    private const float Tie = 1e-6f;

    private readonly View _view;
    private readonly int _vector;
    private readonly int[] _counts;
    private readonly float[][] _least;

    /// <param name="counts">Numbers of hits, ascending.</param>
    public ExactScores(View view, int vector, IReadOnlyList<float[]> queries, IReadOnlyList<int> counts, Action<int> done, CancellationToken cancel)
    {
        _view = view;
        _vector = vector;
        _counts = [.. counts];
        _least = new float[queries.Count][];
        for (int first = 0; first < queries.Count; first += ExactSearcher.BatchQueries)
        {
            cancel.ThrowIfCancellationRequested();
            float[][] batch = [.. queries.Skip(first).Take(ExactSearcher.BatchQueries)];
            Answer(batch, first, cancel);
            done(batch.Length);
        }
    }

    /// <summary>Hits that a query can have.</summary>
    /// <param name="count">Position among the numbers of hits.</param>
    public int Wanted(int count) => Math.Min(_counts[count], Rows);

    public bool IsRight(int query, int count, float score) => score >= _least[query][count];

    private int Rows { get; set; }

    private void Answer(float[][] queries, int first, CancellationToken cancel)
    {
        var best = new float[queries.Length][];
        Array.Fill(best, []);
        foreach (ViewSource source in _view.Sources)
        {
            int rows = source.VectorRows(_vector);
            if (rows == 0)
            {
                continue;
            }
            using RowSet? own = VectorRows.Of(source, _vector, source.Alive);
            ReadOnlySpan<ulong> words = own is null ? source.Alive : own.Words;
            Add(best, source.Segment is not null ? InSegment(source, words, queries) : InLive(source, words, queries, cancel));
        }
        for (int q = 0; q < queries.Length; q++)
        {
            Rows = best[q].Length;
            _least[first + q] = [.. _counts.Select(count => Last(best[q], count))];
        }
    }

    private float[][] InSegment(ViewSource source, ReadOnlySpan<ulong> words, float[][] queries)
    {
        int most = _counts[^1];
        var hits = new Candidate[queries.Length * most];
        using ExactSearcher exact = source.Segment!.Vectors(_vector)!.CreateExactSearcher();
        int found = exact.Search(
            [.. queries.SelectMany(static q => q)], new SearchOptions(), AcceptSet.From(words, source.VectorRows(_vector)), hits);
        return [.. queries.Select((_, q) => hits.AsSpan(q * most, found).ToArray().Select(static h => h.Score).ToArray())];
    }

    private float[][] InLive(ViewSource source, ReadOnlySpan<ulong> words, float[][] queries, CancellationToken cancel)
    {
        var hits = new Candidate[_counts[^1]];
        var scores = new float[queries.Length][];
        AcceptSet accept = AcceptSet.From(words, source.VectorRows(_vector));
        for (int q = 0; q < queries.Length; q++)
        {
            cancel.ThrowIfCancellationRequested();
            var checkedQuery = new CheckedQuery(_vector, _view.Schema.Vectors[_vector], queries[q], null, null);
            int found = SegmentSearch.Run(source, checkedQuery, new SearchOptions(), exact: true, accept, hits, new PlanTally(default, request: null));
            scores[q] = [.. hits.Take(found).Select(static h => h.Score)];
        }
        return scores;
    }

    private void Add(float[][] best, float[][] more)
    {
        for (int q = 0; q < best.Length; q++)
        {
            best[q] = [.. best[q].Concat(more[q]).OrderDescending().Take(_counts[^1])];
        }
    }

    private static float Last(float[] best, int count)
    {
        float last = best.Length == 0 ? float.PositiveInfinity : best[Math.Min(count, best.Length) - 1];
        return last - Tie * Math.Max(1, Math.Abs(last));
    }
}
