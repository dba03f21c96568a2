using SearchEngine.Server.Calls;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Server.Tests.Calls;

public sealed class RequestMemoryTests
{
    private static readonly byte[] Content = [1];

    private readonly RequestMemory _memory = new(new ManualTime());

    [Fact]
    public async Task Failed_calls_are_let_go_behind_one_that_is_remembered()
    {
        await OnceAsync("kept", static () => ValueTask.FromResult(new Wire.CountReply()));
        for (int i = 0; i < 5_000; i++)
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => OnceAsync($"failed {i}", static () => throw new InvalidDataException("refused")));
        }
        Assert.Equal(1, _memory.Count);
        Assert.True(_memory.Held < 1_100, $"5000 failed calls left {_memory.Held} entries in memory.");
        Assert.Equal(0UL, (await OnceAsync("kept", static () => throw new InvalidDataException("It ran again."))).Count);
    }

    [Fact]
    public async Task Retry_that_joined_a_call_whose_caller_went_away_runs_it_itself()
    {
        var first = new TaskCompletionSource<Wire.CountReply>();
        Task<Wire.CountReply> gone = OnceAsync("r", () => new ValueTask<Wire.CountReply>(first.Task));
        Task<Wire.CountReply> retry = OnceAsync("r", static () => ValueTask.FromResult(new Wire.CountReply { Count = 7 }));
        Assert.False(retry.IsCompleted, "The retry did not wait for the call that runs.");
        first.SetException(new OperationCanceledException());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        Assert.Equal(7UL, (await retry).Count);
    }

    [Fact]
    public async Task Wait_for_a_call_that_runs_ends_with_the_waiting_caller()
    {
        var first = new TaskCompletionSource<Wire.CountReply>();
        Task<Wire.CountReply> running = OnceAsync("r", () => new ValueTask<Wire.CountReply>(first.Task));
        using var leaves = new CancellationTokenSource();
        Task<Wire.CountReply> retry = OnceAsync("r", static () => throw new InvalidDataException("It ran twice."), leaves.Token);
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => retry);
        first.SetResult(new Wire.CountReply { Count = 3 });
        Assert.Equal(3UL, (await running).Count);
    }

    private Task<Wire.CountReply> OnceAsync(string requestId, Func<ValueTask<Wire.CountReply>> work, CancellationToken cancel = default) =>
        _memory.OnceAsync("caller", requestId, Content, work, cancel).AsTask();
}
