using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors;

/// <summary>
/// Predicted nanoseconds of the steps of a search in one segment: arithmetic, bookkeeping and memory of one row. A model, not
/// a measurement of the moment, so that equal searches choose equal plans.
/// </summary>
/// <param name="WalkRow">A row scored by a walk of the tier in question.</param>
/// <param name="ScanRow">A row scored by a scan, 1-bit records first where there are some.</param>
/// <param name="TruthRow">A row scored from truth.</param>
internal readonly record struct SearchCosts(double WalkRow, double ScanRow, double TruthRow)
{
    /// <summary>What a scan costs before its bound is near the last hit.</summary>
    private const double ScanStart = 2_000;

    /// <summary>Fetching one cache line ahead of need (measured 2026-11-21).</summary>
    public const double Line = 2.6;

    /// <summary>A row of a batch (measured 2026-11-26: 1.8 ns for 128 bytes in the caches, 5 from memory; 0.5 ns more in the outer cache).</summary>
    private const double ScannedRow = 0.5;
    private const double ScannedLine = 0.65;
    private const double ScannedLineOfOuterCache = 1.05;
    private const double ScannedLineOfMemory = 2.3;

    /// <summary>A line of a 1-bit record more: 2.5 ns were measured for the record of 768 coordinates (2026-11-26), but walks over such
    /// records in the caches cost as much less than is predicted of them.</summary>
    private const double ScannedSigns = 1.5;

    /// <summary>Bytes of codes up to which a scan finds them in the caches of the core, and in any.</summary>
    private const double CachedNear = 1 << 20;
    private const double Cached = 16 << 20;

    /// <summary>Arithmetic and bookkeeping of a row that a walk scores (codes measured 2026-11-21, 1-bit records on the frontier
    /// 2026-11-26).</summary>
    public const double WalkedCode = 10;
    public const double WalkedSign = 13.5;

    /// <summary>Rows that a walk scores per unit of breadth, and before it is near the query: 14 to 18 in sets of 50,000 to
    /// 1,000,000 rows.</summary>
    private const double RowsPerBreadth = 16;
    private const double RowsOfDescent = 250;

    /// <summary>Breadth assumed of an adaptive walk that was never tuned.</summary>
    private const int UntunedBreadth = 100;

    /// <summary>Hits that tuning asks for; more take more work, by this power.</summary>
    private const double TunedHits = 10;
    private const double HitsPower = 0.4;

    /// <summary>What a walk under a filter takes more for each row that is not accepted to one that is, in rows scored (2026-11-26, 25 to 10 %: 2.4
    /// to 3.8 us of walks that take 24, 29 and 46 us without a filter, over 50,000 and 200,000 rows of 768 and 100,000 of 128). Of a walk
    /// with a breadth it is a part of its time, 0.075 as measured; since that time is predicted too low beside that of scans, more.</summary>
    private const double RareRowsOfMargin = 250;
    private const double RareOfBreadth = 0.14;

    /// <summary>Rows of a scan whose 1-bit bound does not decide.</summary>
    private const double UndecidedShare = 0.02;

    public static SearchCosts Of(Calibration calibration, int rows, int codeLength, ElementType truth, WalkTier tier, bool hasSigns)
    {
        double truthBytes = (double)calibration.Dimension * FloatRows.BytesOf(TruthRows.FormOf(truth));
        double codeLines = (calibration.Report.WalksTruth ? truthBytes : codeLength) / 64, signLines = calibration.SignStride / 64;
        double code = Line * codeLines, sign = Line * signLines;
        double scanCode = ScannedRow + LineOfScan(rows, codeLines) * codeLines;
        double scanSign = ScannedRow + (ScannedSigns + LineOfScan(rows, signLines)) * signLines + UndecidedShare * (WalkedCode + code);
        return new SearchCosts(
            tier == WalkTier.Code ? WalkedCode + code : WalkedSign + sign,
            hasSigns && codeLength == calibration.CodeDimension ? Math.Min(scanCode, scanSign) : scanCode,
            20 + Line * truthBytes / 64);
    }

    /// <summary>A walk over all rows.</summary>
    public WalkCost Walk(in SearchOptions options, TuningCurve? curve, int breadth, int rows, int wanted)
    {
        double most = WalkRow * Math.Min(rows, RowsPerBreadth * breadth + RowsOfDescent);
        if (options.Margin is not float margin)
        {
            return new WalkCost(most, RareOfBreadth * most);
        }
        double more = Math.Pow(Math.Max(1, wanted / TunedHits), HitsPower);
        double tuned = curve?.WorkAt(margin) * more ?? WalkRow * (RowsPerBreadth * Math.Max(UntunedBreadth, wanted) + RowsOfDescent);
        return new WalkCost(Math.Min(most, tuned), WalkRow * RareRowsOfMargin * more);
    }

    public double Scan(int accepted, int wanted) => ScanStart + accepted * ScanRow + 2 * wanted * TruthRow;

    private static double LineOfScan(int rows, double lines)
    {
        double near = Math.Min(1, CachedNear / (64 * lines * rows)), cached = Math.Min(1, Cached / (64 * lines * rows));
        return near * ScannedLine + (cached - near) * ScannedLineOfOuterCache + (1 - cached) * ScannedLineOfMemory;
    }
}
