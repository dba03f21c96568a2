using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors;

/// <summary>Measures what the codes of a segment lose: rows are encoded again and decoded, and some queries are answered by a scan of the
/// codes alone. One use.</summary>
internal sealed unsafe class CodeLossMeasurement : IDisposable
{
    private const int MostRows = 1_024;
    private const int MostQueries = 64;
    private const int Hits = 10;

    private readonly VectorSegment _segment;
    private readonly SegmentParts _parts;
    private readonly bool _isSign;
    private readonly PreparedQuery _query;
    private readonly QueryCheck _check;
    private readonly CandidatePool _pool = new();
    private readonly AlignedBuffer<uint> _four = new(4);
    private readonly AlignedBuffer<int> _scores = new(4);

    public CodeLossMeasurement(VectorSegment segment)
    {
        _segment = segment;
        _parts = segment.Parts;
        // A prefilter only decides which rows are scored by int8 codes.
        _isSign = _parts.Tier == WalkTier.Sign && _parts.Signs is not null;
        _query = new PreparedQuery(_parts.Calibration, _parts.Metric, _parts.Corrections is not null);
        _check = new QueryCheck(_parts.Metric, _parts.Dimension, _parts.Calibration.Cuts);
    }

    public CodeLoss Run(IReadOnlyList<float[]> queries, CancellationToken cancel)
    {
        if (_parts.Calibration.Report.WalksTruth)
        {
            return new CodeLoss(_parts.Tier, WalksTruth: true, 0, 0, 0, 1);
        }
        (float clipped, float mean, float worst) = Errors(cancel);
        return new CodeLoss(_parts.Tier, WalksTruth: false, clipped, mean, worst, Recall(queries, cancel));
    }

    public void Dispose()
    {
        _query.Dispose();
        _four.Dispose();
        _scores.Dispose();
    }

    private (float Clipped, float Mean, float Worst) Errors(CancellationToken cancel)
    {
        Calibration calibration = _parts.Calibration;
        var encoder = new RowEncoder(calibration, _parts.Metric);
        var row = new float[_parts.Dimension];
        var rotated = new float[calibration.CodeDimension];
        var code = new byte[calibration.CodeDimension];
        int rows = Math.Min(MostRows, _parts.Count);
        long clipped = 0;
        double sum = 0, worst = 0;
        for (int i = 0; i < rows; i++)
        {
            cancel.ThrowIfCancellationRequested();
            _segment.TruthRows.ReadForCodes((uint)((long)i * _parts.Count / rows), row);
            calibration.Rotation.Apply(row, rotated);
            encoder.Take(rotated);
            clipped += _isSign ? 0 : encoder.EncodeBytes(code);
            double squared = _isSign ? encoder.SquaredSignError : encoder.SquaredByteError(code);
            double length = Lanes.SquaredNorm(rotated);
            double error = length > 0 ? Math.Sqrt(squared / length) : 0;
            sum += error;
            worst = Math.Max(worst, error);
        }
        return ((float)clipped / ((long)rows * code.Length), (float)(sum / rows), (float)worst);
    }

    private float Recall(IReadOnlyList<float[]> queries, CancellationToken cancel)
    {
        int count = Math.Min(MostQueries, queries.Count), wanted = Math.Min(Hits, _parts.Count), right = 0;
        using ExactSearcher exact = _segment.CreateExactSearcher();
        Span<Candidate> hits = stackalloc Candidate[Hits];
        SearchCounts counts = default;
        for (int i = 0; i < count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            float[] query = queries[(int)((long)i * queries.Count / count)];
            exact.Search(query, new SearchOptions(), hits[..wanted]);
            float least = hits[wanted - 1].Score;
            _check.Prepare(_query, query, new SearchOptions());
            ScanCodes(wanted);
            int found = TruthRanking.Rescore(_segment.Truth(_query), _pool, wanted, hits[..wanted], ref counts);
            foreach (Candidate hit in hits[..found])
            {
                right += hit.Score >= least ? 1 : 0;
            }
        }
        return count == 0 ? 1f : (float)right / (count * wanted);
    }

    private void ScanCodes(int wanted)
    {
        CodeScorer codes = CodeScorer.Of(_parts.Codes, _parts.Corrections, _query, _segment.TruthRows);
        SignScorer signs = _isSign ? new SignScorer(_parts.Signs!, _query) : default;
        _pool.Reset(wanted);
        for (int first = 0; first < _parts.Count; first += 4)
        {
            int group = Math.Min(4, _parts.Count - first);
            for (int j = 0; j < 4; j++)
            {
                _four.Span[j] = (uint)(first + Math.Min(j, group - 1));
            }
            if (_isSign)
            {
                signs.Score(new RowGroup(_four.Address), new ScoreGroup(_scores.Address));
            }
            else
            {
                codes.Score(new RowGroup(_four.Address), new ScoreGroup(_scores.Address));
            }
            for (int j = 0; j < group; j++)
            {
                _pool.OfferIfBetter(_scores.Span[j], _four.Span[j]);
            }
        }
    }
}
