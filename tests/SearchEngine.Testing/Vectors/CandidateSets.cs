namespace SearchEngine.Testing.Vectors;

/// <summary>The best few rows of every query, as heaps with the worst on top. Owned by one thread.</summary>
internal sealed class CandidateSets
{
    private readonly int _kept;
    private readonly int[] _counts;
    private readonly float[] _scores;
    private readonly int[] _rows;

    public CandidateSets(int paddedQueries, int queries, int kept)
    {
        _kept = kept;
        _counts = new int[queries];
        _scores = new float[(long)queries * kept];
        _rows = new int[(long)queries * kept];
        Thresholds = new float[paddedQueries];
        Array.Fill(Thresholds, float.NegativeInfinity, 0, queries);
        Array.Fill(Thresholds, float.PositiveInfinity, queries, paddedQueries - queries);
    }

    /// <summary>A score must exceed this to be kept; padding queries keep nothing.</summary>
    public float[] Thresholds { get; }

    public ReadOnlySpan<int> RowsOf(int query) => _rows.AsSpan(query * _kept, _counts[query]);

    /// <summary>Rows must come in ascending order, so that of equal scores the smaller row stays.</summary>
    public void Add(int query, int row, float score)
    {
        Span<float> scores = _scores.AsSpan(query * _kept, _kept);
        Span<int> rows = _rows.AsSpan(query * _kept, _kept);
        int count = _counts[query];
        if (count < _kept)
        {
            scores[count] = score;
            rows[count] = row;
            SiftUp(scores, rows, count);
            _counts[query] = ++count;
        }
        else
        {
            scores[0] = score;
            rows[0] = row;
            SiftDown(scores, rows);
        }

        if (count == _kept)
        {
            Thresholds[query] = scores[0];
        }
    }

    private static bool IsWorse(Span<float> scores, Span<int> rows, int a, int b) =>
        scores[a] < scores[b] || (scores[a] == scores[b] && rows[a] > rows[b]);

    private static void SiftUp(Span<float> scores, Span<int> rows, int at)
    {
        while (at > 0 && IsWorse(scores, rows, at, (at - 1) / 2))
        {
            Swap(scores, rows, at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
    }

    private static void SiftDown(Span<float> scores, Span<int> rows)
    {
        int at = 0;
        while ((2 * at) + 1 < scores.Length)
        {
            int child = (2 * at) + 1;
            if (child + 1 < scores.Length && IsWorse(scores, rows, child + 1, child))
            {
                child++;
            }

            if (!IsWorse(scores, rows, child, at))
            {
                return;
            }

            Swap(scores, rows, at, child);
            at = child;
        }
    }

    private static void Swap(Span<float> scores, Span<int> rows, int a, int b)
    {
        (scores[a], scores[b]) = (scores[b], scores[a]);
        (rows[a], rows[b]) = (rows[b], rows[a]);
    }
}
