using System.Diagnostics;
using System.Globalization;

namespace SearchEngine.Cli.Transfer;

/// <summary>Records done, rate and time left, on standard error: one line that changes in a terminal, a line now and then in a file.</summary>
internal sealed class ImportProgress(long count)
{
    private static readonly TimeSpan OnScreen = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan InFile = TimeSpan.FromSeconds(5);

    private readonly bool _isScreen = !Console.IsErrorRedirected;
    private readonly long _began = Stopwatch.GetTimestamp();
    private TimeSpan _shown = TimeSpan.MinValue;
    private string? _trouble;
    private bool _isOpen;

    public void Show(UploadState state)
    {
        TimeSpan now = Stopwatch.GetElapsedTime(_began);
        bool isNews = state.Trouble != _trouble;
        if (!isNews && _shown != TimeSpan.MinValue && now - _shown < (_isScreen ? OnScreen : InFile)) return;
        (_shown, _trouble) = (now, state.Trouble);
        string line = state.Trouble is { } trouble ? $"the server is away, trying again ({trouble})" : Line(state, now);
        if (_isScreen)
        {
            Console.Error.Write($"\r\e[K{line}");
            _isOpen = true;
        }
        else
        {
            Console.Error.WriteLine(line);
        }
    }

    /// <summary>What follows begins on a line of its own.</summary>
    public void End()
    {
        if (_isOpen) Console.Error.WriteLine();
        _isOpen = false;
    }

    private string Line(UploadState state, TimeSpan now)
    {
        double rate = now > TimeSpan.Zero ? (state.Acknowledged - state.Before) / now.TotalSeconds : 0;
        double left = rate > 0 ? Math.Max(0, count - (double)state.Acknowledged) / rate : 0;
        string time = rate > 0 ? $", {TimeSpan.FromSeconds(Math.Min(left, TimeSpan.MaxValue.TotalSeconds / 2)):h\\:mm\\:ss} left" : "";
        double share = count == 0 ? 1 : Math.Min(1, state.Acknowledged / (double)count);
        return string.Create(
            CultureInfo.InvariantCulture, $"{state.Acknowledged:N0} of {count:N0} ({share:P0}), {rate:N0} a second{time}{(state.Refused > 0 ? $", {state.Refused:N0} refused" : "")}");
    }
}
