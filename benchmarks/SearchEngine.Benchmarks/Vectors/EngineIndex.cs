using System.Diagnostics;
using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors;
using SearchEngine.Vectors.Files;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Benchmarks.Vectors;

/// <summary>
/// One segment of ours, built from the rows or opened from a directory, shared by the systems that search it.
/// </summary>
internal sealed class EngineIndex : IDisposable
{
    private EngineIndex(VectorSegment segment, bool opened, double seconds, long bytesOnDisk)
    {
        Segment = segment;
        Opened = opened;
        Seconds = seconds;
        BytesOnDisk = bytesOnDisk;
    }

    public VectorSegment Segment { get; }

    public bool Opened { get; }

    /// <summary>Of the build, or of the opening when there was an index.</summary>
    public double Seconds { get; }

    public long BytesOnDisk { get; }

    /// <summary>
    /// What a walk reads: links, records, codes and corrections. Truth comes from the page cache, a few rows a search.
    /// </summary>
    public double ResidentMb
    {
        get
        {
            SegmentParts parts = Segment.Parts;
            long bytes = parts.Links.Bytes + parts.Codes.Bytes
                + ((RowMemory?[])[parts.Upper, parts.Signs, parts.Corrections]).Sum(r => r?.Bytes ?? 0);
            return Math.Round(bytes / (double)(1 << 20), 1);
        }
    }

    public static EngineIndex BuildOrOpen(AnnArguments arguments, DirectoryInfo? directory)
    {
        if (directory is { Exists: true })
        {
            return Open(directory);
        }

        SegmentOptions options = new()
        {
            Metric = arguments.Metric switch { "ip" => Metric.Dot, "l2" => Metric.L2, _ => Metric.Cosine },
            MaxLinks = arguments.Links,
            BuildBreadth = arguments.BuildBreadth,
            Threads = arguments.BuildThreads,
            PrefixDimensions = arguments.PrefixDim is int prefix ? [prefix] : [],
        };
        FloatMatrix rows = MatrixFile.ReadFloats(arguments.Base.FullName);
        long started = Stopwatch.GetTimestamp();
        VectorSegment built = VectorSegment.Build(new FloatRowSource(rows.Values, rows.Dim), options);
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (directory is null)
        {
            return new EngineIndex(built, opened: false, seconds, bytesOnDisk: 0);
        }

        using (built)
        {
            SegmentFiles.Write(directory.FullName, built.Parts);
        }

        // Searched as after a restart: what is measured is what was published.
        EngineIndex reopened = Open(directory);
        return new EngineIndex(reopened.Segment, opened: false, seconds, reopened.BytesOnDisk);
    }

    public void Dispose() => Segment.Dispose();

    private static EngineIndex Open(DirectoryInfo directory)
    {
        long started = Stopwatch.GetTimestamp();
        SegmentParts parts = SegmentFiles.Open(directory.FullName, new SegmentOpenOptions { Residency = Residency.HugePages });
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        directory.Refresh();
        return new EngineIndex(new VectorSegment(parts), opened: true, seconds, directory.EnumerateFiles().Sum(f => f.Length));
    }
}
