using SearchEngine.Collections;
using SearchEngine.Server.Collections;
using SearchEngine.Server.Tests.Search.Admission;
using Xunit;

namespace SearchEngine.Server.Tests.Collections;

public sealed class LongOperationsTests
{
    [Fact]
    public async Task Caller_who_comes_while_a_cancelled_operation_ends_gets_one_of_its_own_after_it()
    {
        var operations = new LongOperations(TimeProvider.System, CancellationToken.None);
        var unwinding = new TaskCompletionSource();
        using var leaves = new CancellationTokenSource();
        Task<int> first = FollowAsync(
            async cancel =>
            {
                await unwinding.Task;
                cancel.ThrowIfCancellationRequested();
                return 1;
            },
            leaves.Token);
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        Task<int> second = FollowAsync(
            cancel =>
            {
                Assert.True(unwinding.Task.IsCompleted, "Two operations of one kind ran at once.");
                return Task.FromResult(cancel.IsCancellationRequested ? -1 : 2);
            },
            TestContext.Current.CancellationToken);
        Assert.Single(operations.Of("docs"));
        unwinding.SetResult();
        Assert.Equal(2, await second);
        Assert.Empty(operations.Of("docs"));

        Task<int> FollowAsync(Func<CancellationToken, Task<int>> work, CancellationToken cancel) =>
            operations.Describe("docs", Wire.OperationKind.Scrub, "", "working")
                .FollowAsync(false, operation => work(operation.Cancellation), static _ => default, cancel);
    }

    [Fact]
    public void Progress_tells_what_the_work_told_and_how_long_the_rest_takes_at_this_speed()
    {
        var clock = new ManualClock();
        using var operation = new Operation(Wire.OperationKind.Compact, "merging", clock, CancellationToken.None);
        Assert.Equal((0ul, 0ul, 0ul), (operation.Progress.Done, operation.Progress.Total, operation.Progress.RemainingMicros));
        operation.Report(new WorkProgress(0, 400));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((0ul, 400ul, 0ul), (operation.Progress.Done, operation.Progress.Total, operation.Progress.RemainingMicros));
        operation.Report(new WorkProgress(100, 400));
        Assert.Equal((100ul, 400ul, 3_000_000ul), (operation.Progress.Done, operation.Progress.Total, operation.Progress.RemainingMicros));
    }
}
