using System.CommandLine;
using System.Diagnostics;
using SearchEngine.Benchmarks.Vectors;
using SearchEngine.Collections;
using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Benchmarks.Collections;

/// <summary><c>bitmaps</c>: what the bitmap of a filter costs, by kind and share of matches, mapped and live.</summary>
internal static class BitmapsCommand
{
    private const int HeldBodies = 1 << 16;
    private const int LiveRows = 262_144;
    private const double MeasuredMillis = 150;
    private const int WarmUpRuns = 10;
    private const int MostRuns = 2000;

    private static readonly Option<FileInfo?> Json = new("--json")
    {
        Description = "Appends one JSON object per line to this file; without a file, prints them.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<int> RowCount = new("--rows")
    {
        Description = "Documents of the segment.",
        DefaultValueFactory = _ => 1_000_000,
    };

    public static Command Create()
    {
        var command = new Command("bitmaps", "Measures filter bitmaps: keyword, range, radius, sets and trees.") { Json, RowCount };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        JsonLines? file = parsed.GetValue(Json) is FileInfo info ? new JsonLines(info) : null;
        int rows = parsed.GetRequiredValue(RowCount);
        using var documents = new FilterDocuments();
        DirectoryInfo directory = Directory.CreateTempSubdirectory("searchengine-filters-");
        try
        {
            AttributeFiles.Write(DiskFileLayer.Instance, directory.FullName, documents.Schema, rows, documents.BodyOf);
            using SegmentAttributes segment = SegmentAttributes.Open(directory.FullName, documents.Schema);
            segment.Populate();
            Console.Error.WriteLine($"{segment.MappedBytes / (double)rows:F1} bytes per document of {documents.Schema.Attributes.Count} attributes in the file");
            MeasureAll("segment", documents, segment, rows, file);
        }
        finally
        {
            directory.Delete(recursive: true);
        }

        var live = new LiveColumns(documents.Schema);
        for (uint row = 0; row < Math.Min(rows, LiveRows); row++)
        {
            live.Append(row, documents.BodyOf(row));
        }
        Console.Error.WriteLine($"{live.MemoryBytes / (double)live.Rows:F1} bytes per document live");
        MeasureAll("live", documents, live, live.Rows, file);
        return 0;
    }

    private static void MeasureAll(string kind, FilterDocuments documents, IAttributeReader attributes, int rows, JsonLines? file)
    {
        // Bodies that are encoded when asked for would cost more than the scan: those of the first rows stand for all.
        byte[][] bodies = [.. Enumerable.Range(0, Math.Min(rows, HeldBodies)).Select(row => documents.BodyOf((uint)row).ToArray())];
        var source = new FilterSource
        {
            Rows = rows,
            Attributes = attributes,
            Ids = NoIds.Instance,
            Bodies = row => bodies[row % (uint)bodies.Length],
        };
        WarmUp(documents, source);
        foreach ((string name, Filter filter) in FilterCases.All())
        {
            FilterLine line = Measure(kind, name, CompiledFilter.Compile(filter, documents.Schema, UnindexedFilter.Scan), source);
            if (file is null)
            {
                Console.WriteLine(JsonLines.Format(line));
            }
            else
            {
                file.Append(line);
            }
        }
    }

    /// <summary>The first cases would otherwise be measured before the code is compiled for good.</summary>
    private static void WarmUp(FilterDocuments documents, in FilterSource source)
    {
        foreach ((_, Filter filter) in FilterCases.All())
        {
            CompiledFilter compiled = CompiledFilter.Compile(filter, documents.Schema, UnindexedFilter.Scan);
            for (int i = 0; i < (compiled.NeedsScan ? 1 : WarmUpRuns); i++)
            {
                using RowSet rows = compiled.Evaluate(source);
            }
        }
    }

    private static FilterLine Measure(string kind, string name, CompiledFilter filter, in FilterSource source)
    {
        int matches = 0;
        var times = new List<double>();
        var total = Stopwatch.StartNew();
        long allocated = 0;
        while (times.Count < 3 || (total.Elapsed.TotalMilliseconds < MeasuredMillis && times.Count < MostRuns))
        {
            long bytes = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            using RowSet set = filter.Evaluate(source);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            allocated = GC.GetAllocatedBytesForCurrentThread() - bytes;
            matches = set.Count();
        }
        times.Sort();
        MatchEstimate estimate = filter.Estimate(source);
        return new FilterLine(
            kind, name, source.Rows, matches, Math.Round(times[times.Count / 2], 1), Math.Round(times[0], 1), allocated, estimate.Least, estimate.Most);
    }

    private sealed class NoIds : IIdLookup
    {
        public static NoIds Instance { get; } = new();

        public bool TryFind(DocumentId id, int rowsBelow, out uint ordinal)
        {
            ordinal = 0;
            return false;
        }
    }
}
