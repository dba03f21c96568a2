using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors;

/// <summary>Builds the parts of a segment: calibrates, encodes, links, reorders. One use.</summary>
internal sealed class SegmentBuilder
{
    /// <summary>Half precision keeps 11 bits between these; rows outside are stored as float.</summary>
    private const float LargestHalf = 65_504f;
    private const float SmallestHalf = 1f / 1024;

    /// <summary>From here on the estimate of a 1-bit record is sharp enough to walk on and its row is shorter than the code.</summary>
    private const int SignDimension = 320;

    /// <summary>Smaller segments are searched well by any tier and margin.</summary>
    private const int TunedRows = 4_000;

    private readonly IRowSource _rows;
    private readonly SegmentOptions _options;
    private readonly int[] _cuts;
    private readonly int _count;

    public SegmentBuilder(IRowSource rows, SegmentOptions options)
    {
        options.Validate(rows.Dimension);
        _rows = rows;
        _options = options;
        _cuts = [.. options.PrefixDimensions];
        _count = rows.Count;
    }

    public SegmentParts Build(CancellationToken cancel)
    {
        var reader = new RowReader(_rows, _options, _cuts);
        InsertionOrder.Result insertion = InsertionOrder.Compute(FindFirstEqual(reader, cancel), _options.MaxLinks, _options.Seed);
        uint[] order = insertion.Order;
        (Calibration calibration, ElementType element, float[] lengths) = Calibrate(reader, order, cancel);
        bool corrected = _options.Metric == Metric.L2 || calibration.Report.Mode == ScaleMode.PerRow;
        AnonymousRows codes = AnonymousRows.Allocate(_count, calibration.CodeDimension);
        AnonymousRows? corrections = corrected ? AnonymousRows.Allocate(_count, 8) : null;
        using AnonymousRows? signs = HasSigns(calibration) ? AnonymousRows.Allocate(_count, calibration.SignStride) : null;
        Encode(reader, calibration, order, codes, corrections, signs, cancel);
        using AnonymousRows? rows = calibration.Report.WalksTruth
            ? AnonymousRows.Allocate(_count, TruthRows.StrideOf(element, _rows.Dimension))
            : null;
        TruthRows? truth = rows is null ? null : new TruthRows(rows, element, _options.Metric, _rows.Dimension, [], null, null);
        if (truth is not null)
        {
            WriteTruth(reader, truth, null, order, cancel);
        }
        var space = new CodeSpace(calibration, _options.Metric, codes, corrections, _count) { Signs = signs, Truth = truth };
        var build = new GraphBuildOptions(_options.MaxLinks, _options.BuildBreadth, _options.Threads) { Seed = _options.Seed };
        using var graph = new GraphBuilder(space, insertion.LevelCounts, insertion.Unique, build);
        graph.Build(insertion.FirstOf, cancel);
        uint[] final = LinkOrder.Compute(graph.Levels);
        uint[] entries = EntryPoints.Reorder(graph.Entries, final);
        SegmentParts parts = Assemble(reader, calibration, element, graph, order, final, entries, lengths, cancel);
        codes.Dispose();
        corrections?.Dispose();
        return Tune(parts, _options);
    }

    private static bool Resolves(Calibration calibration) => !calibration.Report.WalksTruth && !calibration.IsDirect;

    private static bool HasSigns(Calibration calibration) => calibration.CodeDimension >= SignDimension && Resolves(calibration);

    private (Calibration Calibration, ElementType Element, float[] Lengths) Calibrate(
        RowReader reader, uint[] order, CancellationToken cancel)
    {
        if (_options.Truth == ElementType.Int8)
        {
            Calibration direct = Calibration.Direct(_rows.Dimension, _cuts, _options.Metric, 0f);
            float[] found = Measure(reader, direct, order, cancel).Lengths;
            float longest = found.Length == 0 ? 0f : found.Max();
            return (Calibration.Direct(_rows.Dimension, _cuts, _options.Metric, longest), ElementType.Int8, found);
        }
        Calibration calibration = Calibrator.Fit(
            _count, _rows.Dimension, _cuts, _options.Seed, _options.Metric, (i, rotated) => reader.ReadRotated((int)order[i], rotated));
        var (lengths, maxResidual) = Measure(reader, calibration, order, cancel);
        calibration = calibration.WithReach(maxResidual, lengths.Length == 0 ? 0f : lengths.Max());
        (float codeRecall, float halfRecall) = CodeResolution.Measure(
            _count, _options.Metric, calibration, (i, row) => reader.Read((int)order[i], row));
        return (calibration.WithResolution(codeRecall), ElementOf(lengths, halfRecall), lengths);
    }

    /// <summary>Measures tiers and margins on a segment that is large enough to profit, and chooses the tier.</summary>
    internal static SegmentParts Tune(SegmentParts parts, SegmentOptions options)
    {
        if (parts.Count < TunedRows)
        {
            return parts;
        }
        IReadOnlyList<TuningCurve> tuning = new SegmentTuner(new VectorSegment(parts), options.Threads).Run(null);
        return parts.Tuned(tuning, parts.Signs is null ? WalkTier.Code : options.Tier ?? tuning[0].Tier);
    }

    // Equal after normalising; a 128-bit hash, since comparing every pair of hash twins would read rows at random.
    private uint[] FindFirstEqual(RowReader reader, CancellationToken cancel)
    {
        var hashes = new UInt128[_count];
        InParallel(cancel, (from, to) =>
        {
            var row = new float[_rows.Dimension];
            for (int i = from; i < to; i++)
            {
                reader.Read(i, row);
                hashes[i] = RowHash.Of(row);
            }
        });
        var firstOf = new uint[_count];
        var seen = new Dictionary<UInt128, uint>(_count);
        for (uint i = 0; i < _count; i++)
        {
            firstOf[i] = seen.TryGetValue(hashes[i], out uint first) ? first : i;
            seen.TryAdd(hashes[i], i);
        }
        return firstOf;
    }

    // Lengths of all rows and the farthest from the centre; refuses rows that cannot be ranked.
    private (float[] Lengths, float MaxResidual) Measure(RowReader reader, Calibration calibration, uint[] order, CancellationToken cancel)
    {
        var lengths = new float[_count];
        float maxResidual = 0;
        object gate = new();
        InParallel(cancel, (from, to) =>
        {
            var encoder = new RowEncoder(calibration, _options.Metric);
            var rotated = new float[calibration.CodeDimension];
            float most = 0;
            for (int i = from; i < to; i++)
            {
                lengths[i] = reader.ReadRotated((int)order[i], rotated);
                encoder.Take(rotated);
                most = MathF.Max(most, encoder.SquaredResidual);
            }
            lock (gate)
            {
                maxResidual = MathF.Max(maxResidual, MathF.Sqrt(most));
            }
        });
        return (lengths, maxResidual);
    }

    private void Encode(
        RowReader reader, Calibration calibration, uint[] order, RowMemory codes, RowMemory? corrections, RowMemory? signs, CancellationToken cancel)
    {
        InParallel(cancel, (from, to) =>
        {
            var encoder = new RowEncoder(calibration, _options.Metric);
            var rotated = new float[calibration.CodeDimension];
            for (int i = from; i < to; i++)
            {
                reader.ReadRotated((int)order[i], rotated);
                encoder.Take(rotated);
                encoder.EncodeBytes(codes.Row((uint)i));
                if (corrections is not null)
                {
                    corrections.RowAs<Correction>((uint)i)[0] = encoder.Correction;
                }
                if (signs is not null)
                {
                    encoder.EncodeSigns(signs.Row((uint)i));
                }
            }
        });
    }

    private SegmentParts Assemble(
        RowReader reader, Calibration calibration, ElementType element, GraphBuilder graph, uint[] order, uint[] final, uint[] entries,
        float[] lengths, CancellationToken cancel)
    {
        var sources = new uint[_count];
        for (int i = 0; i < _count; i++)
        {
            sources[i] = order[final[i]];
        }
        bool corrected = _options.Metric == Metric.L2 || calibration.Report.Mode == ScaleMode.PerRow;
        bool signed = _options.Tier switch
        {
            WalkTier.Code => false,
            null => HasSigns(calibration),
            _ => Resolves(calibration),
        };
        var parts = new SegmentParts
        {
            Metric = _options.Metric,
            Dimension = _rows.Dimension,
            MaxLinks = _options.MaxLinks,
            Calibration = calibration,
            TruthElement = element,
            Truth = AnonymousRows.Allocate(_count, TruthRows.StrideOf(element, _rows.Dimension)),
            Codes = AnonymousRows.Allocate(_count, calibration.CodeDimension),
            Signs = signed ? AnonymousRows.Allocate(_count, calibration.SignStride) : null,
            Corrections = corrected ? AnonymousRows.Allocate(_count, 8) : null,
            Norms = _options.Metric == Metric.Cosine ? AnonymousRows.Allocate(_count, 4) : null,
            PrefixNorms = _options.Metric == Metric.Cosine && _cuts.Length > 0 ? AnonymousRows.Allocate(_count, 4 * _cuts.Length) : null,
            Links = AnonymousRows.Allocate(_count, 2 * _options.MaxLinks * sizeof(uint)),
            Upper = graph.Levels.Count > 1 ? AnonymousRows.Allocate(graph.Levels.Skip(1).Sum(l => l.Count), _options.MaxLinks * sizeof(uint)) : null,
            LevelCounts = [.. graph.Levels.Skip(1).Select(l => l.Count)],
            EntryPoints = entries,
            Sources = AnonymousRows.Allocate(_count, sizeof(uint)),
            Tier = signed ? _options.Tier ?? WalkTier.Sign : WalkTier.Code,
        };
        Encode(reader, calibration, sources, parts.Codes, parts.Corrections, parts.Signs, cancel);
        var truth = new TruthRows(parts.Truth, element, parts.Metric, parts.Dimension, _cuts, parts.Norms, parts.PrefixNorms);
        WriteTruth(reader, truth, parts.PrefixNorms, sources, cancel);
        for (int i = 0; i < _count; i++)
        {
            parts.Sources.RowAs<uint>((uint)i)[0] = sources[i];
            if (parts.Norms is not null)
            {
                parts.Norms.RowAs<float>((uint)i)[0] = lengths[final[i]];
            }
        }
        LinkWriter.Write(graph.Levels, final, parts.Links, parts.Upper);
        return parts;
    }

    private ElementType ElementOf(float[] lengths, float halfRecall)
    {
        float largest = lengths.Length == 0 ? 0 : lengths.Max();
        if (_options.Truth == ElementType.Float16 && _options.Metric != Metric.Cosine && largest > LargestHalf)
        {
            throw new ArgumentException($"A row of length {largest} may have values beyond half precision: store rows as Float32.");
        }
        bool fits = _options.Metric == Metric.Cosine || (largest <= LargestHalf && (largest >= SmallestHalf || largest == 0));
        return _options.Truth ?? (fits && halfRecall >= CodeResolution.LeastHalfRecall ? ElementType.Float16 : ElementType.Float32);
    }

    private void WriteTruth(RowReader reader, TruthRows truth, RowMemory? prefixNorms, uint[] sources, CancellationToken cancel)
    {
        InParallel(cancel, (from, to) =>
        {
            var row = new float[_rows.Dimension];
            for (uint i = (uint)from; i < (uint)to; i++)
            {
                reader.Read((int)sources[i], row);
                TruthRows.Write(truth.Rows, truth.Element, i, row);
                if (prefixNorms is not null)
                {
                    // Of the row as it is stored: searches divide products with exactly these coordinates.
                    truth.ReadStored(i, row);
                    TruthRows.WritePrefixNorms(prefixNorms, i, row, _cuts);
                }
            }
        });
    }

    private void InParallel(CancellationToken cancel, Action<int, int> run)
    {
        const int Block = 1024;
        int blocks = (_count + Block - 1) / Block;
        Parallel.For(0, blocks, CallersThreads.Options(_options.Threads, cancel), b => run(b * Block, Math.Min(_count, (b + 1) * Block)));
    }
}
