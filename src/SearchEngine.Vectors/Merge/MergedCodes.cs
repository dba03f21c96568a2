using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Merge;

/// <summary>
/// Codes of all rows of a merge, in the order of its plan: copied where a source was encoded with the calibration of the
/// result, encoded from truth elsewhere.
/// </summary>
internal sealed class MergedCodes : IDisposable
{
    /// <summary>From here on graphs are built and searched over 1-bit records too.</summary>
    private const int SignDimension = 320;

    /// <summary>Another calibration is fitted when rows lose this much more in the old one than its own rows did.</summary>
    private const double WorthFitting = 1.2;
    private const int MaxSample = 2_048;

    private readonly MergePlan _plan;
    private readonly SegmentOptions _options;
    private int _copied;

    public MergedCodes(MergePlan plan, SegmentOptions options, CancellationToken cancel)
    {
        _plan = plan;
        _options = options;
        Calibration chosen = Choose();
        (float codeRecall, float halfRecall) = IsDirect
            ? (1f, 1f)
            : CodeResolution.Measure(plan.Count, options.Metric, chosen, (i, row) => Read((uint)i, row));
        Calibration = chosen.WithResolution(codeRecall);
        Element = IsDirect ? ElementType.Int8 : ElementOf(plan.Sources, halfRecall);
        bool corrected = options.Metric == Metric.L2 || Calibration.Report.Mode == ScaleMode.PerRow;
        Codes = AnonymousRows.Allocate(plan.Count, Calibration.CodeDimension);
        Corrections = corrected ? AnonymousRows.Allocate(plan.Count, 8) : null;
        bool signed = !Calibration.Report.WalksTruth && !Calibration.IsDirect
            && (Calibration.CodeDimension >= SignDimension || options.Tier is WalkTier.Sign or WalkTier.Prefilter);
        Signs = signed ? AnonymousRows.Allocate(plan.Count, Calibration.SignStride) : null;
        Fill(cancel);
        if (Calibration.Report.WalksTruth)
        {
            CopyTruth(cancel);
        }
    }

    public Calibration Calibration { get; private set; }

    public AnonymousRows Codes { get; }

    public AnonymousRows? Corrections { get; }

    public AnonymousRows? Signs { get; }

    /// <summary>What the merged rows are stored as.</summary>
    public ElementType Element { get; }

    /// <summary>The rows in the order of the plan where codes do not resolve them; null otherwise.</summary>
    public TruthRows? Truth { get; private set; }

    public int Copied => _copied;

    public void Dispose()
    {
        Codes.Dispose();
        Corrections?.Dispose();
        Signs?.Dispose();
        Truth?.Rows.Dispose();
    }

    // A source in single precision was too far out or too fine for halves; together the rows can be so as well.
    private static ElementType ElementOf(IReadOnlyList<GraphSource> sources, float halfRecall) =>
        halfRecall < CodeResolution.LeastHalfRecall || sources.Any(s => s.Truth.Element == ElementType.Float32)
            ? ElementType.Float32
            : ElementType.Float16;

    // Rows of bytes stay bytes while all sources hold such.
    private bool IsDirect => _plan.Sources.All(s => s.Truth.Element == ElementType.Int8);

    private Calibration Choose()
    {
        if (IsDirect)
        {
            return Calibration.Direct(_plan.Sources[0].Dimension, [.. _options.PrefixDimensions], _options.Metric, 0f);
        }
        Calibration? first = _plan.Sources.Count > 0 ? _plan.Sources[0].Calibration : null;
        if (first is { IsDirect: false } && StillFits(first))
        {
            return first;
        }
        var rotation = new Rotation(_plan.Sources[0].Dimension, [.. _options.PrefixDimensions], _options.Seed);
        var row = new float[_plan.Sources[0].Dimension];
        return Calibrator.Fit(
            _plan.Count, row.Length, [.. _options.PrefixDimensions], _options.Seed, _options.Metric,
            (i, rotated) =>
            {
                Read((uint)i, row);
                rotation.Apply(row, rotated);
            });
    }

    // Compares the error of a sample of all rows with the error that the calibration found when it was fitted.
    private bool StillFits(Calibration calibration)
    {
        if (!calibration.Cuts.SequenceEqual(_options.PrefixDimensions))
        {
            return false;
        }
        var encoder = new RowEncoder(calibration, _options.Metric);
        var row = new float[calibration.Dimension];
        var rotated = new float[calibration.CodeDimension];
        var code = new byte[calibration.CodeDimension];
        double error = 0, energy = 0;
        int step = Math.Max(1, _plan.Count / MaxSample);
        for (int i = 0; i < _plan.Count; i += step)
        {
            Read((uint)i, row);
            calibration.Rotation.Apply(row, rotated);
            encoder.Take(rotated);
            encoder.EncodeBytes(code);
            energy += encoder.SquaredResidual;
            error += encoder.SquaredError(code, encoder.Correction.Ratio * calibration.Scale);
        }
        CalibrationReport report = calibration.Report;
        double usual = report.Mode == ScaleMode.PerRow ? report.PerRowError : report.GlobalError;
        return energy == 0 || error / energy <= WorthFitting * usual;
    }

    private void Fill(CancellationToken cancel)
    {
        bool[] same = [.. _plan.Sources.Select(s => IsSame(s.Calibration))];
        // Copied rows are not measured again; the sources have measured them.
        float reach = Calibration.Report.MaxResidual, longest = Calibration.Report.MaxNorm;
        foreach (GraphSource source in _plan.Sources.Where(s => IsSame(s.Calibration)))
        {
            reach = MathF.Max(reach, source.Calibration!.Report.MaxResidual);
            longest = MathF.Max(longest, source.Calibration.Report.MaxNorm);
        }
        object gate = new();
        MergeThreads.Run(_plan.Count, _options.Threads, cancel, (from, to) =>
        {
            var encoder = new RowEncoder(Calibration, _options.Metric);
            var row = new float[Calibration.Dimension];
            var rotated = new float[Calibration.CodeDimension];
            float most = 0, length = 0;
            int copied = 0;
            for (uint i = (uint)from; i < (uint)to; i++)
            {
                (int source, uint ordinal) = _plan.At(i);
                if (same[source])
                {
                    _plan.Sources[source].Codes!.Row(ordinal).CopyTo(Codes.Row(i));
                    _plan.Sources[source].Corrections?.Row(ordinal).CopyTo(Corrections!.Row(i));
                    copied++;
                }
                if (same[source] && Signs is null)
                {
                    continue;
                }
                Read(i, row);
                Calibration.Rotation.Apply(row, rotated);
                encoder.Take(rotated);
                if (Signs is not null)
                {
                    encoder.EncodeSigns(Signs.Row(i));
                }
                if (!same[source])
                {
                    Encode(i, encoder);
                }
                most = MathF.Max(most, MathF.Sqrt(encoder.SquaredResidual));
                length = MathF.Max(length, RowNorm.Of(row));
            }
            Interlocked.Add(ref _copied, copied);
            lock (gate)
            {
                (reach, longest) = (MathF.Max(reach, most), MathF.Max(longest, length));
            }
        });
        Calibration = Calibration.WithReach(Calibration.IsDirect && _options.Metric == Metric.Cosine ? 1f : reach, longest);
    }

    private void CopyTruth(CancellationToken cancel)
    {
        AnonymousRows rows = AnonymousRows.Allocate(_plan.Count, TruthRows.StrideOf(Element, Calibration.Dimension));
        Truth = new TruthRows(rows, Element, _options.Metric, Calibration.Dimension, [], null, null);
        MergeThreads.Run(_plan.Count, _options.Threads, cancel, (from, to) =>
        {
            var row = new float[Calibration.Dimension];
            for (uint i = (uint)from; i < (uint)to; i++)
            {
                Read(i, row);
                TruthRows.Write(rows, Element, i, row);
            }
        });
    }

    private void Encode(uint ordinal, RowEncoder encoder)
    {
        encoder.EncodeBytes(Codes.Row(ordinal));
        if (Corrections is not null)
        {
            Corrections.RowAs<Correction>(ordinal)[0] = encoder.Correction;
        }
    }

    private void Read(uint ordinal, float[] row)
    {
        (int source, uint old) = _plan.At(ordinal);
        TruthRows truth = _plan.Sources[source].Truth;
        if (IsDirect)
        {
            truth.ReadForCodes(old, row);
        }
        else
        {
            truth.Read(old, row);
        }
    }

    // Tuning and reach are no part of what a code means.
    private bool IsSame(Calibration? other) => other is not null && other.IsDirect == Calibration.IsDirect && other.Scale == Calibration.Scale && other.Seed == Calibration.Seed
        && other.Report.Mode == Calibration.Report.Mode && other.Cuts.SequenceEqual(Calibration.Cuts)
        && other.Mean.AsSpan().SequenceEqual(Calibration.Mean);
}
