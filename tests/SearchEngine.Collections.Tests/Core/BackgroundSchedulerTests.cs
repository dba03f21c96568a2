using System.Globalization;
using SearchEngine.Collections.Core;
using Xunit;

namespace SearchEngine.Collections.Tests.Core;

public sealed class BackgroundSchedulerTests
{
    // Parts of a parallel loop are handed on to other threads after a slice of 100 to 150 ms.
    private static readonly TimeSpan SeveralSlices = TimeSpan.FromMilliseconds(700);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_long_loop_that_background_work_begins_stays_on_threads_of_low_priority(int threads)
    {
        using var scheduler = new BackgroundScheduler(threads, "test");
        var nice = new System.Collections.Concurrent.ConcurrentDictionary<int, int>();
        int blocks = 0, most = 0, running = 0;
        var background = new Thread(() =>
        {
            BackgroundPriority.Lower();
            scheduler.RunHere(() => Parallel.For(0, 70, new ParallelOptions { MaxDegreeOfParallelism = threads, TaskScheduler = TaskScheduler.Current }, _ =>
            {
                int now = Interlocked.Increment(ref running);
                nice.TryAdd(Environment.CurrentManagedThreadId, NiceOfThisThread());
                Interlocked.Increment(ref blocks);
                InterlockedMax(ref most, now);
                Thread.Sleep(SeveralSlices / 70 * threads);
                Interlocked.Decrement(ref running);
            }));
        });
        background.Start();
        background.Join();
        Assert.Equal(70, blocks);
        Assert.InRange(most, 1, threads);
        Assert.All(nice, static thread => Assert.True(thread.Value >= 10, $"thread {thread.Key} ran a part of the loop at nice {thread.Value}"));
    }

    [Fact]
    public void What_background_work_throws_reaches_who_waits_for_it()
    {
        using var scheduler = new BackgroundScheduler(2, "test");
        Assert.Throws<InvalidOperationException>(() => scheduler.RunHere(static () => throw new InvalidOperationException()));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int known;
        while (value > (known = Volatile.Read(ref most)) && Interlocked.CompareExchange(ref most, value, known) != known)
        {
        }
    }

    // Field 19 of the thread's statistics; the name, field 2, may have blanks.
    private static int NiceOfThisThread()
    {
        string statistics = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(statistics[(statistics.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
    }
}
