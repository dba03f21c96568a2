using System.Globalization;

namespace SearchEngine.Rpc.Wire;

/// <summary>The <c>grpc-timeout</c> header: at most eight digits and a unit.</summary>
internal static class GrpcTimeout
{
    public const string HeaderName = "grpc-timeout";

    private const int MaxDigits = 8;

    // A timer cannot wait longer; 8 digits of hours would be 11,000 years.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    public static bool TryParse(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > MaxDigits + 1) return false;
        if (!long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out long value)) return false;
        long ticks = text[^1] switch
        {
            'H' => value * TimeSpan.TicksPerHour,
            'M' => value * TimeSpan.TicksPerMinute,
            'S' => value * TimeSpan.TicksPerSecond,
            'm' => value * TimeSpan.TicksPerMillisecond,
            'u' => value * TimeSpan.TicksPerMicrosecond,
            'n' => value / TimeSpan.NanosecondsPerTick,
            _ => -1,
        };
        if (ticks < 0) return false;
        timeout = ticks > Longest.Ticks ? Longest : TimeSpan.FromTicks(ticks);
        return true;
    }

    /// <summary>The finest unit that still fits eight digits, rounded up so that a deadline is never announced shorter than it is.</summary>
    public static string Format(TimeSpan timeout)
    {
        const long MaxValue = 99_999_999;
        long ticks = Math.Max(1, timeout.Ticks);
        ReadOnlySpan<(long Ticks, char Unit)> units =
        [
            (TimeSpan.TicksPerMicrosecond, 'u'), (TimeSpan.TicksPerMillisecond, 'm'), (TimeSpan.TicksPerSecond, 'S'),
            (TimeSpan.TicksPerMinute, 'M'), (TimeSpan.TicksPerHour, 'H'),
        ];
        foreach ((long unitTicks, char unit) in units)
        {
            long value = (ticks - 1) / unitTicks + 1;
            if (value <= MaxValue) return string.Create(CultureInfo.InvariantCulture, $"{value}{unit}");
        }
        return "99999999H";
    }
}
