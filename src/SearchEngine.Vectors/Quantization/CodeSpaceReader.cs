using System.Runtime.Intrinsics;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Quantization;

/// <summary>One thread's view of a <see cref="CodeSpace"/>: it walks towards a row and measures distances from a row.</summary>
internal sealed unsafe class CodeSpaceReader : IDisposable
{
    private readonly CodeSpace _space;
    private readonly PreparedQuery _query;
    private readonly AlignedBuffer<float> _rotated;
    private readonly AlignedBuffer<sbyte> _signed;
    private readonly AlignedBuffer<float> _row;
    private uint _origin;

    public CodeSpaceReader(CodeSpace space)
    {
        _space = space;
        _query = new PreparedQuery(space.Calibration, space.Metric, space.Corrections is not null);
        _rotated = new AlignedBuffer<float>(space.Calibration.CodeDimension);
        _row = new AlignedBuffer<float>((space.Calibration.Dimension + 31) / 32 * 32);
        _signed = new AlignedBuffer<sbyte>(space.Calibration.CodeDimension);
    }

    public PreparedQuery Query => _query;

    /// <summary>A scorer that ranks rows by closeness to row <paramref name="ordinal"/>, as a query for it would.</summary>
    public CodeScorer ScorerTowards(uint ordinal)
    {
        if (_space.Truth is TruthRows truth && _query.WalksTruth)
        {
            truth.Read(ordinal, _row.Span[.._space.Calibration.Dimension]);
            _query.Prepare(_row.Span[.._space.Calibration.Dimension]);
            return CodeScorer.Of(_space.Codes, _space.Corrections, _query, truth);
        }
        ReadOnlySpan<byte> code = _space.Codes.Row(ordinal);
        ReadOnlySpan<float> mean = _space.Calibration.Mean;
        Span<float> rotated = _rotated.Span;
        float scale = _space.Calibration.Scale * _space.Term(ordinal).Ratio;
        for (int j = 0; j < rotated.Length; j += Lanes.Width)
        {
            (CodeSteps.Load(code, j) * scale + Lanes.Load(mean, j)).CopyTo(rotated[j..]);
        }
        _query.PrepareRotated(rotated);
        return new CodeScorer(_space.Codes, _space.Corrections, _query, rotated.Length);
    }

    /// <summary>The same by 1-bit records, after <see cref="ScorerTowards"/>; null when there are none.</summary>
    public SignScorer? SignScorer => _space.Signs is null ? null : new SignScorer(_space.Signs, _query);

    /// <summary>Distances will be measured from row <paramref name="ordinal"/>.</summary>
    public void SetOrigin(uint ordinal)
    {
        _origin = ordinal;
        if (_query.WalksTruth)
        {
            _space.Truth!.Read(ordinal, _row.Span[.._space.Calibration.Dimension]);
            return;
        }
        ReadOnlySpan<byte> code = _space.Codes.Row(ordinal);
        for (int j = 0; j < code.Length; j += 64)
        {
            (Vector512.Create(code.Slice(j, 64)) ^ Vector512.Create((byte)0x80)).AsSByte().CopyTo(_signed.Span[j..]);
        }
    }

    /// <summary>Squared distances of four rows from the origin, in squared code steps.</summary>
    public void Distances(ReadOnlySpan<uint> ordinals, Span<float> distances)
    {
        if (_query.WalksTruth)
        {
            MeasureTruth(ordinals, distances);
            return;
        }
        ref readonly CodeSpace.RowTerm origin = ref _space.Term(_origin);
        int* products = stackalloc int[4];
        fixed (uint* o = ordinals)
        {
            ByteDot.Resident4((byte*)_space.Codes.Address, (nuint)_space.Codes.Stride, o, _signed.Address, (nuint)_signed.Length, products);
        }
        for (int i = 0; i < 4; i++)
        {
            ref readonly CodeSpace.RowTerm row = ref _space.Term(ordinals[i]);
            distances[i] = origin.Norm + row.Norm - 2f * (origin.Ratio * row.Ratio * (products[i] - origin.Bias));
        }
    }

    public void PrefetchCode(uint ordinal)
    {
        if (_query.WalksTruth)
        {
            RowMemory rows = _space.Truth!.Rows;
            Kernels.Prefetch.Lines((byte*)rows.Address + (long)ordinal * rows.Stride, rows.Stride / 64);
            return;
        }
        Kernels.Prefetch.Lines((byte*)_space.Codes.Address + (long)ordinal * _space.Codes.Stride, _signed.Length / 64);
    }

    public void Dispose()
    {
        _query.Dispose();
        _rotated.Dispose();
        _row.Dispose();
        _signed.Dispose();
    }

    // Products rank rows of unequal length, as between codes; unit rows and L2 have true distances.
    private void MeasureTruth(ReadOnlySpan<uint> ordinals, Span<float> distances)
    {
        TruthRows truth = _space.Truth!;
        FloatMeasure measure = _space.Metric == Metric.Dot ? FloatMeasure.Dot : FloatMeasure.Distance;
        fixed (uint* o = ordinals)
        fixed (float* d = distances)
        {
            FloatRows.Run4(
                truth.Form, measure, (byte*)truth.Rows.Address, (nuint)truth.Rows.Stride, o, _row.Address, (nuint)_row.Length, d);
            for (int i = 0; measure == FloatMeasure.Dot && i < 4; i++)
            {
                d[i] *= -2f;
            }
        }
    }
}
