using System.Diagnostics;
using System.Globalization;

namespace SearchEngine.Testing;

/// <summary>
/// The switch for long runs: the environment variable SEARCHENGINE_LONG_TESTS holds the minutes that each fuzzer may take
/// and stretches the idle stream to a minute. Without it a bounded sample runs.
/// </summary>
public static class LongTests
{
    public const string Variable = "SEARCHENGINE_LONG_TESTS";

    public static TimeSpan? Time { get; } =
        double.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out double minutes) && minutes > 0
            ? TimeSpan.FromMinutes(minutes)
            : null;

    /// <summary>
    /// The seeds of a fuzzer's cases: always the same few in a default run; as many as fit into the time in a long one.
    /// </summary>
    public static IEnumerable<int> Seeds(int first, int sample)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; Time is { } time ? Stopwatch.GetElapsedTime(start) < time || i < sample : i < sample; i++) yield return first + i;
    }
}
