using System.Runtime.Intrinsics;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Quantization;

/// <summary>
/// A query in the forms that the kernels read: float for rescoring, int8 for codes, four bit planes for 1-bit records,
/// and the constants that turn integer scores into similarities. Filled again for every search; one thread.
/// </summary>
internal sealed unsafe class PreparedQuery : IDisposable
{
    /// <summary>Largest level of the 4-bit query and its centre.</summary>
    private const float Levels = 15f;
    private const float Centre = 7.5f;

    private readonly Calibration _calibration;
    private readonly Metric _metric;
    private readonly bool _corrected;
    private readonly AlignedBuffer<float> _exact;
    private readonly AlignedBuffer<float> _rotated;
    private readonly AlignedBuffer<sbyte> _bytes;
    private readonly AlignedBuffer<ulong> _planes;
    private readonly AlignedBuffer<SignQuery> _sign;
    private readonly AlignedBuffer<int> _spare = new(4);

    /// <param name="corrected">Whether rows have correction records; integer scores then need a common, safe unit.</param>
    public PreparedQuery(Calibration calibration, Metric metric, bool corrected)
    {
        _calibration = calibration;
        _metric = metric;
        _corrected = corrected || WalksTruth;
        _exact = new AlignedBuffer<float>((calibration.Dimension + 31) / 32 * 32);
        _rotated = new AlignedBuffer<float>(calibration.CodeDimension);
        _bytes = new AlignedBuffer<sbyte>(calibration.CodeDimension);
        ExactLength = _exact.Length;
        ExactDimension = WalkDimension = calibration.Dimension;
        PlaneWords = (calibration.CodeDimension / 64 + 7) / 8 * 8;
        _planes = new AlignedBuffer<ulong>(4 * PlaneWords);
        _sign = new AlignedBuffer<SignQuery>(1);
    }

    /// <summary>Squared distance = DistanceOffset - 2 * similarity, in the space where the walk's ranking is a distance.</summary>
    public float DistanceOffset { get; private set; }

    /// <summary>Similarity = SimilarityOffset + Unit * integer score.</summary>
    public float SimilarityOffset { get; private set; }

    public float Unit { get; private set; }

    /// <summary>Value of one step of the query bytes.</summary>
    private float ByteStep { get; set; }

    /// <summary>Squared length of the query from the centre.</summary>
    private float SquaredResidual { get; set; }

    /// <summary>Length of what the query bytes stand for.</summary>
    public float ComparedLength => MathF.Sqrt(SquaredCompared);

    private float SquaredCompared => _metric == Metric.L2 ? SquaredResidual : SquaredNorm;

    /// <summary>128 * sum of the query bytes: what the bias of the codes adds to every product.</summary>
    public int Bias { get; private set; }

    /// <summary>Factor from a product of code and query bytes to an integer score; 1 unless a safe unit was needed.</summary>
    public float ByteFactor { get; private set; }

    /// <summary>Squared length of the query as the caller gave it (1 for cosine).</summary>
    public float SquaredNorm { get; private set; }

    /// <summary>What a whole number of the caller's query is worth after normalising. Queries of whole numbers against rows of
    /// bytes are taken as they are, so that their scores are exact.</summary>
    internal float WholeUnit { get; set; } = 1f;

    /// <summary>Whether codes do not resolve these rows and walks score truth.</summary>
    internal bool WalksTruth => _calibration.Report.WalksTruth;

    internal float* Exact => _exact.Address;

    /// <summary>Values of the exact query that count, whole groups of 32.</summary>
    internal int ExactLength { get; private set; }

    /// <summary>Leading coordinates that truth is compared by.</summary>
    internal int ExactDimension { get; private set; }

    internal bool IsPrefix => ExactDimension < _calibration.Dimension;

    /// <summary>Leading coordinates that codes are compared by.</summary>
    internal int WalkDimension { get; private set; }

    internal bool WalksPrefix => WalkDimension < _calibration.Dimension;

    /// <summary>Where rows are ranked by the cosine of a prefix: what the centre adds to every integer score, since it has to
    /// be there before the score is divided by the row's length; 0 otherwise.</summary>
    internal float PrefixOffset { get; private set; }

    /// <summary>The greatest integer score that a prefix of a unit row can have.</summary>
    internal float PrefixReach { get; private set; }

    /// <summary>Bytes of a code that the query was prepared for.</summary>
    internal int CodeLength { get; private set; }

    internal sbyte* Bytes => _bytes.Address;

    internal int* Spare => _spare.Address;

    internal SignQuery* Sign => _sign.Address;

    private int PlaneWords { get; }

    /// <param name="query">Dimension values, finite; normalised by the caller for cosine.</param>
    public void Prepare(ReadOnlySpan<float> query) => Prepare(query, _calibration.Dimension, _calibration.Dimension);

    /// <param name="query">Dimension values, finite; normalised by the caller for cosine.</param>
    /// <param name="walked">Leading coordinates that codes are compared by: a declared prefix or all.</param>
    /// <param name="rescored">Leading coordinates that truth is compared by: a declared prefix or all.</param>
    public void Prepare(ReadOnlySpan<float> query, int walked, int rescored)
    {
        query[..rescored].CopyTo(_exact.Span);
        _exact.Span[rescored..].Clear();
        ExactLength = (rescored + 31) / 32 * 32;
        ExactDimension = rescored;
        _calibration.Rotation.Apply(query, _rotated.Span);
        int code = walked == _calibration.Dimension ? _rotated.Length : _calibration.Rotation.CodePrefix(walked);
        PrepareRotated(_rotated.Span[..code]);
        WalkDimension = walked;
        PrefixOffset = 0f;
        if (WalksPrefix && _metric == Metric.Cosine)
        {
            PrefixOffset = SimilarityOffset / Unit;
            PrefixReach = MathF.Sqrt(SquaredNorm) / Unit;
            SimilarityOffset = 0f;
        }
    }

    /// <summary>As <see cref="Prepare(ReadOnlySpan{float})"/> for a vector already in code coordinates, or its prefix;
    /// rescoring is not prepared.</summary>
    public void PrepareRotated(ReadOnlySpan<float> rotated)
    {
        CodeLength = rotated.Length;
        ReadOnlySpan<float> mean = _calibration.Mean;
        Vector512<float> squares = default, products = default, residuals = default, greatest = default, greatestResidual = default;
        for (int j = 0; j < rotated.Length; j += Lanes.Width)
        {
            Vector512<float> x = Lanes.Load(rotated, j), m = Lanes.Load(mean, j), r = x - m;
            squares += x * x;
            products += x * m;
            residuals += r * r;
            greatest = Vector512.Max(greatest, Vector512.Abs(x));
            greatestResidual = Vector512.Max(greatestResidual, Vector512.Abs(r));
        }
        SquaredNorm = Lanes.Sum(squares);
        float squaredResidual = Lanes.Sum(residuals), maxResidual = Lanes.Max(greatestResidual);
        bool centred = _metric == Metric.L2;
        float largest = centred ? maxResidual : Lanes.Max(greatest);
        float step = largest > 0 ? largest / 127f : 1f;
        if (_calibration.IsDirect && ByteValues.AreMultiples(rotated, WholeUnit))
        {
            step = WholeUnit;
        }
        (ByteStep, SquaredResidual) = (step, squaredResidual);
        EncodeBytes(rotated, mean, centred, 1f / step);
        float productUnit = step * _calibration.Scale;
        // Scores of truth, and corrected products of bytes that are truth, are finer than a step of both: their unit is as
        // fine as the farthest row allows.
        float safeUnit = SafeUnit(squaredResidual);
        bool isExact = (WalksTruth || _calibration.IsDirect) && safeUnit > 0;
        Unit = !_corrected ? productUnit : isExact ? safeUnit : MathF.Max(productUnit, safeUnit);
        ByteFactor = productUnit / Unit;
        SimilarityOffset = centred ? 0f : Lanes.Sum(products);
        float maxNorm = _calibration.Report.MaxNorm;
        DistanceOffset = _metric switch
        {
            Metric.L2 => squaredResidual,
            Metric.Cosine => SquaredNorm + 1f,
            _ => SquaredNorm + maxNorm * maxNorm,
        };
        EncodePlanes(rotated, mean, squaredResidual, maxResidual);
    }

    /// <summary>Puts the upper bounds of 1-bit estimates this many standard deviations above them, until the next query.</summary>
    public void WidenSigns(float deviations) => _sign.Address->ErrorScale = deviations * MathF.Sqrt(SquaredResidual);

    /// <summary>Standard deviation of a similarity by codes around the exact one: rounding and clipping of the row, unless it is its own
    /// code, and rounding of the query.</summary>
    /// <param name="calibration">Of the codes.</param>
    /// <param name="reach">How far from the centre the row is at most.</param>
    public float CodeError(Calibration calibration, float reach)
    {
        float coordinate = calibration.IsDirect ? 0f : calibration.Scale * calibration.Scale / 12f + calibration.ClippedVariance(reach);
        return MathF.Sqrt(SquaredCompared * coordinate + reach * reach * ByteStep * ByteStep / 12f);
    }

    public void Dispose()
    {
        _exact.Dispose();
        _rotated.Dispose();
        _bytes.Dispose();
        _planes.Dispose();
        _sign.Dispose();
        _spare.Dispose();
    }

    // The largest possible score must fit 30 bits.
    private float SafeUnit(float squaredResidual)
    {
        float reach = _calibration.Report.MaxResidual;
        float norm = MathF.Sqrt(MathF.Max(squaredResidual, SquaredNorm));
        return (norm * reach + 0.5f * reach * reach) / (1 << 30);
    }

    private void EncodeBytes(ReadOnlySpan<float> rotated, ReadOnlySpan<float> mean, bool centred, float inverse)
    {
        Span<sbyte> bytes = _bytes.Span;
        Vector512<int> sum = default;
        for (int j = 0; j < rotated.Length; j += 64)
        {
            Vector512<int> a = Steps(j, rotated, mean), b = Steps(j + 16, rotated, mean);
            Vector512<int> c = Steps(j + 32, rotated, mean), d = Steps(j + 48, rotated, mean);
            sum += a + b + c + d;
            Vector512.Narrow(Vector512.Narrow(a, b), Vector512.Narrow(c, d)).CopyTo(bytes[j..]);
        }
        Bias = 128 * Vector512.Sum(sum);

        Vector512<int> Steps(int at, ReadOnlySpan<float> x, ReadOnlySpan<float> m)
        {
            Vector512<float> value = Lanes.Load(x, at);
            value = centred ? value - Lanes.Load(m, at) : value;
            return Vector512.ConvertToInt32Native(Vector512.Round(value * inverse));
        }
    }

    private void EncodePlanes(ReadOnlySpan<float> rotated, ReadOnlySpan<float> mean, float squaredResidual, float maxResidual)
    {
        float norm = MathF.Sqrt(squaredResidual);
        // 3.3 sigma: the few coordinates beyond are clipped, the 16 levels serve the others.
        float reach = MathF.Min(maxResidual, 3.3f * norm / MathF.Sqrt(rotated.Length));
        float step = reach > 0 ? 2f * reach / Levels : 1f;
        float inverse = 1f / step;
        ulong* planes = _planes.Address;
        Vector512<int> sum = default;
        for (int j = 0; j < rotated.Length; j += 64)
        {
            ulong p0 = 0, p1 = 0, p2 = 0, p3 = 0;
            for (int k = 0; k < 64; k += Lanes.Width)
            {
                Vector512<float> x = (Lanes.Load(rotated, j + k) - Lanes.Load(mean, j + k)) * inverse + Vector512.Create(Centre);
                x = Vector512.Min(Vector512.Max(Vector512.Round(x), Vector512<float>.Zero), Vector512.Create(Levels));
                Vector512<int> level = Vector512.ConvertToInt32Native(x);
                sum += level;
                p0 |= (level << 31).ExtractMostSignificantBits() << k;
                p1 |= (level << 30).ExtractMostSignificantBits() << k;
                p2 |= (level << 29).ExtractMostSignificantBits() << k;
                p3 |= (level << 28).ExtractMostSignificantBits() << k;
            }
            int w = j / 64;
            planes[w] = p0;
            planes[PlaneWords + w] = p1;
            planes[2 * PlaneWords + w] = p2;
            planes[3 * PlaneWords + w] = p3;
        }
        *_sign.Address = new SignQuery
        {
            Planes = planes,
            Words = (nuint)PlaneWords,
            FactorOffset = (nuint)(_calibration.CodeDimension / 8),
            Step = step,
            Half = 0.5f * (Vector512.Sum(sum) - Centre * rotated.Length),
            InverseUnit = 1f / Unit,
            ErrorScale = norm,
        };
    }
}
