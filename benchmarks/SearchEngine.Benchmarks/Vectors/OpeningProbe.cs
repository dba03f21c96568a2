using System.Diagnostics;
using System.Globalization;
using SearchEngine.Vectors;
using SearchEngine.Vectors.Files;

namespace SearchEngine.Benchmarks.Vectors;

/// <summary>
/// How long a published segment takes from its name to the first hits, mapped on demand, as after a restart.
/// </summary>
internal static class OpeningProbe
{
    public static void Print(DirectoryInfo directory, ReadOnlySpan<float> query, int k)
    {
        var hits = new Candidate[k];
        for (int attempt = 0; attempt < 2; attempt++)
        {
            long started = Stopwatch.GetTimestamp();
            using var segment = new VectorSegment(SegmentFiles.Open(directory.FullName, new SegmentOpenOptions()));
            double opened = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            using VectorSearcher searcher = segment.CreateSearcher();
            _ = searcher.Search(query, new SearchOptions(), hits);
            double answered = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            // The first attempt includes compiling the code that runs, as the first search of a process does.
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"opened on demand in {opened:F1} ms, first hits after {answered:F1} ms ({(attempt == 0 ? "cold code" : "warm code")})"));
        }
    }
}
