using Xunit;

namespace SearchEngine.Rpc.Tests.Robustness;

/// <summary>Turns a hang into a failure that says what was waited for. The time is a watchdog, never a measurement.</summary>
internal static class Guard
{
    private static readonly TimeSpan Watchdog = TimeSpan.FromSeconds(60);

    public static async Task WaitAsync(Task task, string what)
    {
        try
        {
            await task.WaitAsync(Watchdog);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Hang: waited {Watchdog.TotalSeconds} s for {what}.");
        }
    }

    public static async Task<T> WaitAsync<T>(Task<T> task, string what)
    {
        await WaitAsync((Task)task, what);
        return await task;
    }

    /// <summary>Waits until <paramref name="condition"/> holds.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        using var watchdog = new CancellationTokenSource(Watchdog);
        while (!condition())
        {
            if (watchdog.IsCancellationRequested) Assert.Fail($"Hang: waited {Watchdog.TotalSeconds} s until {what}.");
            await Task.Delay(2);
        }
    }
}
