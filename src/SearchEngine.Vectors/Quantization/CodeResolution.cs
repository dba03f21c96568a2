using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Quantization;

/// <summary>
/// Measures on a sample of the rows whether codes, and half precision, tell neighbours apart. A scale that fits all rows can
/// be far too coarse for the neighbourhoods among them (sets that lie far from each other), and no error relative to the
/// spread of the rows shows that: only ranking does.
/// </summary>
internal static class CodeResolution
{
    /// <summary>Below this a walk over codes would lose what rescoring cannot bring back: walks read truth instead.</summary>
    public const float LeastCodeRecall = 0.9f;

    /// <summary>Below this rows are stored in single precision. Rows around one centre stayed above 0.99 (2026-11-26).</summary>
    public const float LeastHalfRecall = 0.98f;

    private const int MaxRows = 8_192;
    private const int LeastRows = 256;
    private const int Queries = 48;
    private const int Hits = 10;

    /// <summary>Candidates that searches rescore, and for rows of few coordinates.</summary>
    private const int Rescored = 20;
    private const int FewRescored = 100;
    private const int FewCoordinates = 64;

    /// <param name="count">Rows to draw the sample from.</param>
    /// <param name="read">Reads a row as it is ranked. Called by one thread.</param>
    /// <returns>Share of the ten nearest in the sample that are among the rescored by codes, and among the ten best by rows
    /// in half precision; 1 for samples too small to tell.</returns>
    public static (float Codes, float Halves) Measure(int count, Metric metric, Calibration calibration, Action<int, float[]> read)
    {
        int rows = Math.Min(count, MaxRows);
        if (rows < LeastRows)
        {
            return (1f, 1f);
        }
        using var sample = new Sample(rows, metric, calibration);
        var row = new float[calibration.Dimension];
        for (int i = 0; i < rows; i++)
        {
            read((int)((long)i * count / rows), row);
            sample.Set((uint)i, row);
        }
        sample.PrepareQueries();
        int codes = 0, halves = 0;
        for (int q = 0; q < Queries; q++)
        {
            sample.Rank((uint)((long)q * rows / Queries), ref codes, ref halves);
        }
        return ((float)codes / (Queries * Hits), (float)halves / (Queries * Hits));
    }

    /// <summary>The same rows as floats, as halves and as codes.</summary>
    private sealed unsafe class Sample : IDisposable
    {
        private readonly int _rows;
        private readonly Calibration _calibration;
        private readonly AnonymousRows _floats;
        private readonly AnonymousRows _halves;
        private readonly AnonymousRows _codes;
        private readonly AnonymousRows _corrections;
        private PreparedQuery? _prepared;
        private float _reach;
        private float _longest;
        private readonly RowEncoder _encoder;
        private readonly TruthRows _exact;
        private readonly TruthRows _rounded;
        private readonly AlignedBuffer<uint> _four = new(4);
        private readonly AlignedBuffer<int> _scores = new(4);
        private readonly CandidatePool _pool = new();
        private readonly float[] _truth;
        private readonly float[] _rotated;
        private readonly float[] _asked;

        public Sample(int rows, Metric metric, Calibration calibration)
        {
            int dimension = calibration.Dimension;
            _rows = rows;
            _calibration = calibration;
            _floats = AnonymousRows.Allocate(rows, TruthRows.StrideOf(ElementType.Float32, dimension));
            _halves = AnonymousRows.Allocate(rows, TruthRows.StrideOf(ElementType.Float16, dimension));
            _codes = AnonymousRows.Allocate(rows, calibration.CodeDimension);
            _corrections = AnonymousRows.Allocate(rows, sizeof(Correction));
            _exact = new TruthRows(_floats, ElementType.Float32, metric, dimension, [], null, null);
            _rounded = new TruthRows(_halves, ElementType.Float16, metric, dimension, [], null, null);
            _encoder = new RowEncoder(calibration, metric);
            _truth = new float[rows];
            _rotated = new float[calibration.CodeDimension];
            _asked = new float[dimension];
        }

        private PreparedQuery Query => _prepared!;

        public void Set(uint ordinal, ReadOnlySpan<float> row)
        {
            TruthRows.Write(_floats, ElementType.Float32, ordinal, row);
            TruthRows.Write(_halves, ElementType.Float16, ordinal, row);
            _calibration.Rotation.Apply(row, _rotated);
            _encoder.Take(_rotated);
            _encoder.EncodeBytes(_codes.Row(ordinal));
            _corrections.RowAs<Correction>(ordinal)[0] = _encoder.Correction;
            _reach = MathF.Max(_reach, MathF.Sqrt(_encoder.SquaredResidual));
            _longest = MathF.Max(_longest, RowNorm.Of(row));
        }

        /// <summary>All rows are set: integer scores now have a unit in which the farthest fits.</summary>
        public void PrepareQueries() =>
            _prepared = new PreparedQuery(_calibration.WithReach(_reach, _longest), _exact.Metric, corrected: true);

        /// <summary>Adds how many of the nearest rows to one of the sample the codes and the halves find; of rows equally
        /// near any will do.</summary>
        public void Rank(uint asked, ref int codes, ref int halves)
        {
            _exact.Read(asked, _asked);
            Query.Prepare(_asked);
            Span<Candidate> nearest = stackalloc Candidate[Hits];
            Rank(_exact, asked, nearest, _truth);
            float last = nearest[^1].Score;
            Rank(_rounded, asked, nearest, []);
            foreach (Candidate candidate in nearest)
            {
                halves += _truth[candidate.Ordinal] >= last ? 1 : 0;
            }
            codes += CountByCodes(asked, last);
        }

        public void Dispose()
        {
            _floats.Dispose();
            _halves.Dispose();
            _codes.Dispose();
            _corrections.Dispose();
            _prepared?.Dispose();
            _four.Dispose();
            _scores.Dispose();
        }

        private void Rank(TruthRows truth, uint asked, Span<Candidate> nearest, Span<float> all)
        {
            var scorer = new TruthScorer(truth, Query);
            Span<float> scores = stackalloc float[4];
            int found = 0;
            for (uint i = 0; i < (uint)_rows; i += 4)
            {
                int group = TakeFour(i);
                scorer.Score(_four.Span, scores);
                for (int j = 0; j < group; j++)
                {
                    uint ordinal = _four.Span[j];
                    if (!all.IsEmpty)
                    {
                        all[(int)ordinal] = scores[j];
                    }
                    if (ordinal != asked)
                    {
                        TruthRanking.Insert(nearest, ref found, new Candidate(ordinal, scores[j]));
                    }
                }
            }
        }

        private int CountByCodes(uint asked, float last)
        {
            int most = _calibration.Dimension < FewCoordinates ? FewRescored : Rescored;
            var scorer = new CodeScorer(_codes, _corrections, Query, Query.CodeLength);
            _pool.Reset(most);
            for (uint i = 0; i < (uint)_rows; i += 4)
            {
                int group = TakeFour(i);
                scorer.Score(new RowGroup(_four.Address), new ScoreGroup(_scores.Address));
                for (int j = 0; j < group; j++)
                {
                    if (_four.Span[j] != asked)
                    {
                        _pool.OfferIfBetter(_scores.Span[j], _four.Span[j]);
                    }
                }
            }
            int found = 0;
            for (int i = 0; i < _pool.Count; i++)
            {
                found += _truth[_pool.OrdinalAt(i)] >= last ? 1 : 0;
            }
            return Math.Min(found, Hits);
        }

        private int TakeFour(uint first)
        {
            int group = (int)Math.Min(4, (uint)_rows - first);
            for (int j = 0; j < 4; j++)
            {
                _four.Span[j] = first + (uint)Math.Min(j, group - 1);
            }
            return group;
        }
    }
}
