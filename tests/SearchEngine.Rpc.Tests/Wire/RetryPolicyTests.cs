using SearchEngine.Rpc.Client;
using Xunit;

namespace SearchEngine.Rpc.Tests.Wire;

public sealed class RetryPolicyTests
{
    private static readonly RetryPolicy Policy = new() { MaxAttempts = 4, FirstDelay = TimeSpan.FromMilliseconds(100), MaxDelay = TimeSpan.FromSeconds(1), Growth = 2 };

    [Fact]
    public void OnlyUnavailableIsTriedAgain()
    {
        foreach (StatusCode code in Enum.GetValues<StatusCode>().Where(code => code is not (StatusCode.Ok or StatusCode.Unavailable)))
        {
            Assert.True(Policy.DelayAfter(new RpcException(code, "no"), 1, null, 0) is null, $"{code} was tried again.");
        }
        Assert.NotNull(Policy.DelayAfter(Unavailable(), 1, null, 0));
    }

    [Fact]
    public void DelaysGrowUpToTheirBound_AndSpreadOverTheUpperHalf()
    {
        Assert.Equal([50, 100, 200], Enumerable.Range(1, 3).Select(attempt => Policy.DelayAfter(Unavailable(), attempt, null, 0)!.Value.TotalMilliseconds));
        RetryPolicy longer = Policy with { MaxAttempts = 100 };
        Assert.Equal(500, longer.DelayAfter(Unavailable(), 90, null, 0)!.Value.TotalMilliseconds);
        Assert.InRange(longer.DelayAfter(Unavailable(), 90, null, 0.999)!.Value.TotalMilliseconds, 990, 1_000);
    }

    [Fact]
    public void TheServersDelayWins_UnlessItIsBeyondTheBound()
    {
        Assert.Equal(700, Policy.DelayAfter(Unavailable().RetryAfter(TimeSpan.FromMilliseconds(700)), 1, null, 0)!.Value.TotalMilliseconds);
        Assert.Null(Policy.DelayAfter(Unavailable().RetryAfter(TimeSpan.FromSeconds(2)), 1, null, 0));
    }

    [Fact]
    public void NoAttemptIsPlannedBeyondTheDeadlineOrTheLastAttempt()
    {
        Assert.Null(Policy.DelayAfter(Unavailable(), 1, TimeSpan.FromMilliseconds(40), 0));
        Assert.Null(Policy.DelayAfter(Unavailable(), 4, null, 0));
        Assert.Null(RetryPolicy.None.DelayAfter(Unavailable(), 1, null, 0));
    }

    private static RpcException Unavailable() => new(StatusCode.Unavailable, "later");
}
