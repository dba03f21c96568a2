using System.Globalization;

namespace SearchEngine.Vectors.Tests.Live;

/// <summary>SEARCHENGINE_LONG_TESTS (minutes, as for the other long tests) makes stress and merges ten times as large per minute.</summary>
internal static class LongRuns
{
    public static int Scale { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("SEARCHENGINE_LONG_TESTS"), CultureInfo.InvariantCulture, out int minutes) && minutes > 0
            ? 10 * minutes
            : 1;
}
