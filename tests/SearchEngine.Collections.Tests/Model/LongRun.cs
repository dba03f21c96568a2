using System.Globalization;

namespace SearchEngine.Collections.Tests.Model;

/// <summary>SEARCHENGINE_LONG_TESTS (minutes, as for the other long tests) makes the model and kill tests many times as long.</summary>
internal static class LongRun
{
    public static int Minutes { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("SEARCHENGINE_LONG_TESTS"), CultureInfo.InvariantCulture, out int minutes) && minutes > 0 ? minutes : 0;
}
