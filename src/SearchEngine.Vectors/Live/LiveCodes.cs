using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Live;

/// <summary>
/// Codes of the rows of a live segment under one calibration, made in order of arrival and ahead of linking: a scan of the rows
/// that wait reads half the bytes, and what their codes cannot rule out is scored from truth.
/// </summary>
internal sealed class LiveCodes : IDisposable
{
    /// <summary>The reach grows by steps: searches prepare anew for each. Kept near the farthest row, since the room that scans leave for
    /// clipping grows with it: with twice the distance they read every second code (2026-11-26).</summary>
    private const float ReachStep = 1.02f;

    private readonly LiveRows _rows;
    private readonly Lock _encoding = new();
    private readonly RowEncoder _encoder;
    private readonly float[] _row;
    private readonly float[] _rotated;
    private Calibration _calibration;
    private int _below;

    /// <param name="rows">The rows.</param>
    /// <param name="metric">How they are compared.</param>
    /// <param name="calibration">Fitted on the first of them.</param>
    /// <param name="capacity">Rows that are ever encoded, the first ones.</param>
    public LiveCodes(LiveRows rows, Metric metric, Calibration calibration, int capacity)
    {
        _rows = rows;
        _calibration = calibration;
        bool corrected = metric == Metric.L2 || calibration.Report.Mode == ScaleMode.PerRow;
        Codes = ReservedRows.Reserve(capacity, calibration.CodeDimension);
        Corrections = corrected ? ReservedRows.Reserve(capacity, 8) : null;
        _encoder = new RowEncoder(calibration, metric);
        _row = new float[rows.Dimension];
        _rotated = new float[calibration.CodeDimension];
    }

    /// <summary>The same for all codes but for its reach, which grows with the rows: read after <see cref="Below"/> it holds for the rows
    /// below.</summary>
    public Calibration Calibration => Volatile.Read(ref _calibration);

    public ReservedRows Codes { get; }

    public ReservedRows? Corrections { get; }

    /// <summary>Rows below have their code.</summary>
    public int Below => Volatile.Read(ref _below);

    public bool HaveAll => Below >= Math.Min(_rows.Count, Codes.Count);

    public long CommittedBytes => Codes.CommittedBytes + (Corrections?.CommittedBytes ?? 0);

    /// <summary>Encodes the oldest rows that have no code, at most so many. Any thread.</summary>
    public void Encode(int most)
    {
        if (HaveAll)
        {
            return;
        }
        lock (_encoding)
        {
            int from = _below, end = (int)Math.Min((long)from + most, Math.Min(_rows.Count, Codes.Count));
            Codes.Ensure(Math.Max(from, end));
            Corrections?.Ensure(Math.Max(from, end));
            for (int row = from; row < end; row++)
            {
                Encode((uint)row);
            }
            Volatile.Write(ref _below, Math.Max(from, end));
        }
    }

    public bool AreEqual(uint a, uint b) => Codes.Row(a).SequenceEqual(Codes.Row(b))
        && (Corrections is null || Corrections.Row(a).SequenceEqual(Corrections.Row(b)));

    public void Dispose()
    {
        Codes.Dispose();
        Corrections?.Dispose();
    }

    private void Encode(uint ordinal)
    {
        _rows.Read(ordinal, _row);
        _calibration.Rotation.Apply(_row, _rotated);
        _encoder.Take(_rotated);
        _encoder.EncodeBytes(Codes.Row(ordinal));
        if (Corrections is not null)
        {
            Corrections.RowAs<Correction>(ordinal)[0] = _encoder.Correction;
        }
        CalibrationReport report = _calibration.Report;
        bool mayGrow = !_calibration.IsDirect && report.MaxResidual < Calibration.Farthest;
        if (mayGrow && _encoder.SquaredResidual > report.MaxResidual * report.MaxResidual)
        {
            float reach = ReachStep * MathF.Sqrt(_encoder.SquaredResidual);
            Volatile.Write(ref _calibration, _calibration.WithReach(reach, MathF.Max(report.MaxNorm, _rows.Lengths.RowAs<float>(ordinal)[0])));
        }
    }
}
