using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SearchEngine.Vectors.Quantization;

/// <summary>What a correction record holds: the row's scale over the common scale, and what is added to its product.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Correction
{
    public float Ratio;
    public float Add;
}

/// <summary>Factors behind the signs of a 1-bit record; native/kernels.h names their order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SignFactors
{
    public float Add;
    public float Scale;
    public float Error;
    public float PopCount;
}

/// <summary>
/// Encodes rotated rows: r = rotated - centre becomes biased int8 (byte = round(r / scale) + 128) and one bit per sign
/// with the factors of RaBitQ's unbiased estimate of the product (arXiv 2405.12497). One instance per thread.
/// </summary>
internal sealed class RowEncoder(Calibration calibration, Metric metric)
{
    private readonly float[] _residual = new float[calibration.CodeDimension];

    /// <summary>Takes a row in code coordinates; the other members then speak of it.</summary>
    public void Take(ReadOnlySpan<float> rotated)
    {
        ReadOnlySpan<float> mean = calibration.Mean;
        Vector512<float> squares = default, magnitudes = default, products = default, greatest = default;
        for (int j = 0; j < _residual.Length; j += Lanes.Width)
        {
            Vector512<float> m = Lanes.Load(mean, j);
            Vector512<float> r = Lanes.Load(rotated, j) - m;
            r.CopyTo(_residual.AsSpan(j));
            Vector512<float> magnitude = Vector512.Abs(r);
            squares += r * r;
            magnitudes += magnitude;
            products += r * m;
            greatest = Vector512.Max(greatest, magnitude);
        }
        SquaredResidual = Lanes.Sum(squares);
        Magnitude = Lanes.Sum(magnitudes);
        ProductWithMean = Lanes.Sum(products);
        Greatest = Lanes.Max(greatest);
    }

    public float SquaredResidual { get; private set; }

    private float Magnitude { get; set; }

    private float ProductWithMean { get; set; }

    private float Greatest { get; set; }

    /// <summary>The scale that a row would choose for itself.</summary>
    public float OwnScale
    {
        get
        {
            float clip = MathF.Min(Greatest, Loading.Byte * MathF.Sqrt(SquaredResidual / _residual.Length));
            return clip > 0 ? clip / 127f : calibration.Scale;
        }
    }

    private float RowScale => calibration.Report.Mode == ScaleMode.PerRow && !calibration.IsDirect ? OwnScale : calibration.Scale;

    public Correction Correction => new()
    {
        Ratio = calibration.IsDirect ? DirectRatio : RowScale / calibration.Scale,
        Add = metric == Metric.L2 ? -0.5f * SquaredResidual : 0f,
    };

    // Of a zero row every product is 0 anyway.
    private float DirectRatio => metric == Metric.Cosine && SquaredResidual > 0 ? 1f / MathF.Sqrt(SquaredResidual) : 1f;

    /// <summary>Writes the int8 code and returns how many of its bytes are clipped.</summary>
    public int EncodeBytes(Span<byte> code) => EncodeBytes(code, RowScale);

    public int EncodeBytes(Span<byte> code, float scale)
    {
        float inverse = 1f / scale;
        var low = Vector512.Create(-127f);
        var high = Vector512.Create(127f);
        int clipped = 0;
        for (int j = 0; j < _residual.Length; j += 64)
        {
            Vector512<short> first = Vector512.Narrow(Steps(j), Steps(j + 16));
            Vector512<short> second = Vector512.Narrow(Steps(j + 32), Steps(j + 48));
            (Vector512.Narrow(first, second).AsByte() ^ Vector512.Create((byte)0x80)).CopyTo(code[j..]);
        }
        return clipped;

        Vector512<int> Steps(int at)
        {
            Vector512<float> x = Vector512.Round(Lanes.Load(_residual, at) * inverse);
            clipped += BitOperations.PopCount(Vector512.GreaterThan(Vector512.Abs(x), high).ExtractMostSignificantBits());
            return Vector512.ConvertToInt32Native(Vector512.Min(Vector512.Max(x, low), high));
        }
    }

    /// <summary>Mean squared difference between the row and its code at <paramref name="scale"/>.</summary>
    public double SquaredError(ReadOnlySpan<byte> code, float scale)
    {
        double sum = 0;
        for (int j = 0; j < _residual.Length; j++)
        {
            double e = _residual[j] - scale * (code[j] - 128);
            sum += e * e;
        }
        return sum;
    }

    /// <summary>Squared difference between the row and what its code stands for.</summary>
    public double SquaredByteError(ReadOnlySpan<byte> code) => SquaredError(code, RowScale);

    /// <summary>Squared difference between the row and its signs, at the length that fits the row best.</summary>
    public double SquaredSignError => Math.Max(0, SquaredResidual - (double)Magnitude * Magnitude / _residual.Length);

    public void EncodeSigns(Span<byte> record)
    {
        int signBytes = _residual.Length / 8;
        int ones = 0;
        for (int j = 0; j < _residual.Length; j += Lanes.Width)
        {
            ulong bits = Vector512.GreaterThan(Lanes.Load(_residual, j), Vector512<float>.Zero).ExtractMostSignificantBits();
            ones += BitOperations.PopCount(bits);
            MemoryMarshal.Write(record[(j / 8)..], (ushort)bits);
        }
        record[signBytes..].Clear();
        MemoryMarshal.Write(record[signBytes..], Factors(ones));
    }

    private SignFactors Factors(int ones)
    {
        int d = _residual.Length;
        float add = metric == Metric.L2 ? -0.5f * SquaredResidual : ProductWithMean;
        if (!(SquaredResidual > 0))
        {
            return new SignFactors { Add = add, PopCount = ones };
        }
        // Cosine between the residual and its sign vector: about sqrt(2 / pi) after a random rotation.
        float cosine = Magnitude / MathF.Sqrt(SquaredResidual * d);
        float miss = MathF.Max(0f, 1f - cosine * cosine) / (cosine * cosine);
        return new SignFactors
        {
            Add = add,
            Scale = SquaredResidual / (0.5f * Magnitude),
            Error = MathF.Sqrt(SquaredResidual) * MathF.Sqrt(miss) / MathF.Sqrt(d - 1f),
            PopCount = ones,
        };
    }
}
