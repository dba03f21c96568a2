using System.Diagnostics;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Benchmarks.Vectors;

/// <summary>One row of the kernel table.</summary>
internal sealed record KernelLine(
    string Type, string Element, string Path, int Dim, int BytesPerRow, double NsPerRowCached, double NsPerRowMemory);

/// <summary>Times kernel calls of four rows: over 64 rows that stay cached, and over random rows of 256 MB fetched 16 ahead.</summary>
internal static unsafe class KernelMeasurement
{
    private const long MemoryBytes = 256L << 20;
    private const int Calls = 16_384;
    private static readonly TimeSpan MinTime = TimeSpan.FromMilliseconds(300);
    private const int RowsAhead = 16;

    private delegate void RowKernel(byte* rows, nuint stride, uint* ordinals);

    public static IEnumerable<KernelLine> Measure(int dimension)
    {
        int code = (dimension + 63) / 64 * 64, padded = (dimension + 31) / 32 * 32;
        var lines = new List<KernelLine>();
        using var query = new AlignedBuffer<float>(4 * code);
        using var bytes = new AlignedBuffer<sbyte>(code);
        using var planes = new AlignedBuffer<ulong>(4 * ((code / 64 + 7) / 8 * 8));
        using var results = new AlignedBuffer<int>(16);
        bytes.Span.Fill(3);
        foreach (var (name, kernel) in ByteDot.Paths())
        {
            lines.Add(Line("int8", name, dimension, code, (rows, stride, ordinals) =>
                kernel(rows, stride, ordinals, bytes.Address, (nuint)code, results.Address)));
        }
        var sign = new SignQuery { Planes = planes.Address, Words = (nuint)((code / 64 + 7) / 8 * 8), FactorOffset = (nuint)(code / 8), InverseUnit = 1f };
        foreach (var (name, kernel) in SignScores.Paths())
        {
            lines.Add(Line("sign", name, dimension, (code / 8 + 16 + 63) / 64 * 64, (rows, stride, ordinals) =>
            {
                SignQuery copy = sign;
                kernel(rows, stride, ordinals, &copy, results.Address, results.Address + 4);
            }));
        }
        foreach (FloatElement element in Enum.GetValues<FloatElement>())
        {
            int stride = (padded * FloatRows.BytesOf(element) + 63) / 64 * 64;
            string type = element switch { FloatElement.Half => "float16", FloatElement.Single => "float32", _ => "int8 truth" };
            foreach (var (name, kernel) in FloatRows.Paths(element, FloatMeasure.Dot))
            {
                lines.Add(Line(type, name, dimension, stride, (rows, s, ordinals) =>
                    kernel(rows, s, ordinals, query.Address, (nuint)padded, (float*)results.Address)));
            }
            foreach (var (name, kernel) in FloatRows.BatchPaths(element, FloatMeasure.Dot))
            {
                lines.Add(Line(type + ", 4 queries", name, dimension, stride, (rows, s, ordinals) =>
                    kernel(rows, s, ordinals, query.Address, (nuint)code, (nuint)padded, (float*)results.Address)));
            }
        }
        return lines;
    }

    private static KernelLine Line(string element, string path, int dimension, int stride, RowKernel kernel) =>
        new("kernel", element, path, dimension, stride, Time(64, stride, kernel), Time((int)(MemoryBytes / stride), stride, kernel));

    private static double Time(int rows, int stride, RowKernel kernel)
    {
        using AnonymousRows memory = AnonymousRows.Allocate(rows, stride);
        Touch(memory);
        using var ordinals = new AlignedBuffer<uint>(4 * Calls + RowsAhead);
        uint state = 12345;
        foreach (ref uint ordinal in ordinals.Span)
        {
            state = state * 1664525 + 1013904223;
            ordinal = (uint)(((ulong)state * (ulong)rows) >> 32);
        }
        double best = double.MaxValue;
        long begun = Stopwatch.GetTimestamp();
        // Long enough for a managed kernel to reach its optimised code.
        while (Stopwatch.GetElapsedTime(begun) < MinTime)
        {
            long started = Stopwatch.GetTimestamp();
            for (int call = 0; call < Calls; call++)
            {
                for (int i = 0; i < 4; i++)
                {
                    Prefetch.Lines((byte*)memory.Address + (long)ordinals.Address[4 * call + i + RowsAhead - 4] * stride, stride / 64);
                }
                kernel((byte*)memory.Address, (nuint)stride, ordinals.Address + 4 * call);
            }
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalNanoseconds / (4.0 * Calls));
        }
        return Math.Round(best, 2);
    }

    private static void Touch(AnonymousRows memory)
    {
        for (int row = 0; row < memory.Count; row++)
        {
            memory.Row((uint)row)[0] = 1;
        }
    }
}
