using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Quantization;

/// <summary>
/// The metric space in which a graph is built: points are reconstructed int8 codes, so distances are symmetric, zero for
/// equal codes and obey the triangle inequality, which the choice of links relies on. For dot products "distance" is minus
/// twice the product, as queries rank: links chosen in the lifted metric space, where the triangle inequality would hold,
/// lost 3 to 20 points of recall on rows of unequal length (2026-11-21). Read by many threads.
/// </summary>
internal sealed class CodeSpace
{
    private readonly RowTerm[] _terms;

    /// <summary>The space of rows that are all encoded.</summary>
    public CodeSpace(Calibration calibration, Metric metric, RowMemory codes, RowMemory? corrections, int count)
        : this(calibration, metric, codes, corrections)
    {
        for (int i = 0; i < count; i++)
        {
            Take((uint)i);
        }
    }

    /// <summary>A space that rows join one by one, with <see cref="Take"/>.</summary>
    public CodeSpace(Calibration calibration, Metric metric, RowMemory codes, RowMemory? corrections)
    {
        Calibration = calibration;
        Metric = metric;
        Codes = codes;
        Corrections = corrections;
        _terms = new RowTerm[codes.Count];
    }

    public Calibration Calibration { get; }

    public Metric Metric { get; }

    public RowMemory Codes { get; }

    public RowMemory? Corrections { get; }

    /// <summary>The rows themselves, where the calibration says that codes do not resolve them; distances are then theirs.</summary>
    public TruthRows? Truth { get; init; }

    /// <summary>1-bit records of the same rows, when searches of the build walk over them; null otherwise.</summary>
    public RowMemory? Signs { get; init; }

    public int Count => _terms.Length;

    /// <summary>Takes in a row whose code and correction are written. Each ordinal belongs to one thread.</summary>
    public void Take(uint ordinal)
    {
        if (Calibration.Report.WalksTruth)
        {
            return;
        }
        float ratio = Corrections is null ? 1f : Corrections.RowAs<Correction>(ordinal)[0].Ratio;
        var (squared, sum) = Sums(Codes.Row(ordinal));
        float norm = Metric == Metric.Dot ? -2f * ratio * ProductWithMean(Codes.Row(ordinal)) / Calibration.Scale : ratio * ratio * squared;
        _terms[ordinal] = new RowTerm { Norm = norm, Ratio = ratio, Bias = 128 * sum };
    }

    private float ProductWithMean(ReadOnlySpan<byte> code)
    {
        Vector512<float> sum = default;
        for (int j = 0; j < code.Length; j += Lanes.Width)
        {
            sum += CodeSteps.Load(code, j) * Lanes.Load(Calibration.Mean, j);
        }
        return Lanes.Sum(sum);
    }

    internal ref readonly RowTerm Term(uint ordinal) => ref _terms[ordinal];

    private static (int Squared, int Sum) Sums(ReadOnlySpan<byte> code)
    {
        Vector512<int> squares = default, sum = default;
        for (int j = 0; j < code.Length; j += 64)
        {
            Vector512<sbyte> bytes = (Vector512.Create(code.Slice(j, 64)) ^ Vector512.Create((byte)0x80)).AsSByte();
            var (low, high) = Vector512.Widen(bytes);
            foreach (Vector512<short> half in (ReadOnlySpan<Vector512<short>>)[low, high])
            {
                var (a, b) = Vector512.Widen(half);
                squares += a * a + b * b;
                sum += a + b;
            }
        }
        return (Vector512.Sum(squares), Vector512.Sum(sum));
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct RowTerm
    {
        public float Norm;
        public float Ratio;
        public int Bias;
    }
}
