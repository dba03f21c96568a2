using System.Runtime.Intrinsics;

namespace SearchEngine.Testing.Vectors;

/// <summary>
/// Queries packed 64 to a panel, coordinate-major, so that a tile of four rows by 64 queries stays in registers:
/// 16 accumulators, fed by four broadcasts and four loads per coordinate.
/// </summary>
internal sealed unsafe class QueryPanels
{
    private const int Lanes = 16;
    private const int PanelWidth = 4 * Lanes;
    private const int TileRows = 4;

    /// <summary>
    /// Rows scored against all panels before the next block: 64 x 768 floats stay in a 1 MiB L2 beside one panel.
    /// </summary>
    private const int BlockRows = 64;

    private readonly int _dim;
    private readonly int _queries;
    private readonly float[] _packed;

    public QueryPanels(FloatMatrix queries)
    {
        _dim = queries.Dim;
        _queries = queries.Count;
        PaddedCount = (queries.Count + PanelWidth - 1) / PanelWidth * PanelWidth;
        _packed = new float[(long)PaddedCount * _dim];
        for (int q = 0; q < queries.Count; q++)
        {
            int panel = q / PanelWidth * PanelWidth * _dim;
            ReadOnlySpan<float> query = queries.Row(q);
            for (int j = 0; j < _dim; j++)
            {
                _packed[panel + (j * PanelWidth) + (q % PanelWidth)] = query[j];
            }
        }
    }

    public int PaddedCount { get; }

    public void Score(FloatMatrix rows, int from, int to, float[] scales, float[] offsets, CandidateSets kept)
    {
        fixed (float* packed = _packed, values = rows.Values)
        {
            for (int block = from; block < to; block += BlockRows)
            {
                int blockEnd = Math.Min(to, block + BlockRows);
                for (int first = 0; first < _queries; first += PanelWidth)
                {
                    for (int row = block; row < blockEnd; row += TileRows)
                    {
                        Tile(values, row, Math.Min(TileRows, blockEnd - row), packed + ((long)first * _dim), first, scales, offsets, kept);
                    }
                }
            }
        }
    }

    private void Tile(
        float* values, int row, int count, float* panel, int firstQuery, float[] scales, float[] offsets, CandidateSets kept)
    {
        // A short last tile repeats its last row and ignores the copies.
        float* r0 = values + ((long)row * _dim);
        float* r1 = count > 1 ? r0 + _dim : r0;
        float* r2 = count > 2 ? r1 + _dim : r1;
        float* r3 = count > 3 ? r2 + _dim : r2;
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default;
        Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default;
        Vector512<float> d0 = default, d1 = default, d2 = default, d3 = default;
        for (int j = 0; j < _dim; j++)
        {
            float* p = panel + ((long)j * PanelWidth);
            Vector512<float> q0 = Vector512.Load(p), q1 = Vector512.Load(p + Lanes);
            Vector512<float> q2 = Vector512.Load(p + (2 * Lanes)), q3 = Vector512.Load(p + (3 * Lanes));
            Vector512<float> x = Vector512.Create(r0[j]);
            a0 = Vector512.FusedMultiplyAdd(x, q0, a0);
            a1 = Vector512.FusedMultiplyAdd(x, q1, a1);
            a2 = Vector512.FusedMultiplyAdd(x, q2, a2);
            a3 = Vector512.FusedMultiplyAdd(x, q3, a3);
            x = Vector512.Create(r1[j]);
            b0 = Vector512.FusedMultiplyAdd(x, q0, b0);
            b1 = Vector512.FusedMultiplyAdd(x, q1, b1);
            b2 = Vector512.FusedMultiplyAdd(x, q2, b2);
            b3 = Vector512.FusedMultiplyAdd(x, q3, b3);
            x = Vector512.Create(r2[j]);
            c0 = Vector512.FusedMultiplyAdd(x, q0, c0);
            c1 = Vector512.FusedMultiplyAdd(x, q1, c1);
            c2 = Vector512.FusedMultiplyAdd(x, q2, c2);
            c3 = Vector512.FusedMultiplyAdd(x, q3, c3);
            x = Vector512.Create(r3[j]);
            d0 = Vector512.FusedMultiplyAdd(x, q0, d0);
            d1 = Vector512.FusedMultiplyAdd(x, q1, d1);
            d2 = Vector512.FusedMultiplyAdd(x, q2, d2);
            d3 = Vector512.FusedMultiplyAdd(x, q3, d3);
        }

        float* scores = stackalloc float[TileRows * PanelWidth];
        Store(scores, a0, a1, a2, a3);
        Store(scores + PanelWidth, b0, b1, b2, b3);
        Store(scores + (2 * PanelWidth), c0, c1, c2, c3);
        Store(scores + (3 * PanelWidth), d0, d1, d2, d3);
        for (int i = 0; i < count; i++)
        {
            Offer(scores + (i * PanelWidth), row + i, firstQuery, scales[row + i], offsets[row + i], kept);
        }
    }

    private static void Store(float* target, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        a.Store(target);
        b.Store(target + Lanes);
        c.Store(target + (2 * Lanes));
        d.Store(target + (3 * Lanes));
    }

    private static void Offer(float* dots, int row, int firstQuery, float scale, float offset, CandidateSets kept)
    {
        fixed (float* thresholds = &kept.Thresholds[firstQuery])
        {
            for (int lane = 0; lane < PanelWidth; lane += Lanes)
            {
                Vector512<float> score = (Vector512.Load(dots + lane) * scale) + Vector512.Create(offset);
                ulong better = Vector512.GreaterThan(score, Vector512.Load(thresholds + lane)).ExtractMostSignificantBits();
                while (better != 0)
                {
                    int at = System.Numerics.BitOperations.TrailingZeroCount(better);
                    kept.Add(firstQuery + lane + at, row, score[at]);
                    better &= better - 1;
                }
            }
        }
    }
}
