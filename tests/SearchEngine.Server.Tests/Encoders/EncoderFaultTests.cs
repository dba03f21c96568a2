using SearchEngine.Rpc;
using Xunit;

namespace SearchEngine.Server.Tests.Encoders;

public sealed class EncoderFaultTests
{
    [Fact]
    public async Task AnEncoderKilledMidCall_IsUnavailableByNameAndRecovers()
    {
        await using TextHost host = await TextHost.StartAsync();
        await host.WriteAsync("cats purr", "dogs bark");
        var asked = new TaskCompletionSource();
        host.Encoder.OnEncode = (_, call) =>
        {
            asked.TrySetResult();
            return Task.Delay(Timeout.Infinite, call.Cancellation);
        };
        Task<Wire.SearchReply> search = host.SearchAsync(TextHost.Query("cats"));
        await asked.Task;
        await host.Encoder.KillAsync();
        RpcException refused = await RunningServer.RefusedAsync(() => search, Wire.ErrorReason.EncoderDown);
        Assert.Equal(host.Encoder.Address.Authority, refused.Facts["encoder"]);
        Assert.NotNull(refused.RetryDelay);
        host.Encoder.OnEncode = static (_, _) => Task.CompletedTask;
        await host.Encoder.StartAgainAsync();
        Assert.Equal(1UL, (await AgainAsync(() => host.SearchAsync(TextHost.Query("cats")))).Hits[0].Id.Number);
    }

    [Fact]
    public async Task AnEncoderThatIsNotThere_KeepsNoVectorFromBeingSearched_NorAQueryThatIsRemembered()
    {
        await using TextHost host = await TextHost.StartAsync();
        await host.WriteAsync("cats purr", "dogs bark");
        Wire.SearchReply before = await host.SearchAsync(TextHost.Query("cats"));
        await host.Encoder.KillAsync();
        await RunningServer.RefusedAsync(() => host.SearchAsync(TextHost.Query("dogs")), Wire.ErrorReason.EncoderDown);
        Assert.Equal(before.Hits, (await host.SearchAsync(TextHost.Query("cats"))).Hits);
        Wire.SearchRequest byId = TextHost.Query("");
        byId.Query = new Wire.Query { Id = new Wire.Id { Number = 1 } };
        Assert.Equal(2UL, Assert.Single((await host.SearchAsync(byId)).Hits).Id.Number);
        Wire.SearchBatchReply batch = await host.BatchAsync(new Wire.SearchBatchRequest
        {
            Header = Api.Header(TextHost.Name),
            Searches = { new Wire.SearchRequest { Query = byId.Query }, new Wire.SearchRequest { Query = TextHost.Query("unseen").Query } },
        });
        Assert.Single(batch.Items[0].Reply.Hits);
        Assert.Equal(Wire.ErrorReason.EncoderDown, batch.Items[1].Error.Reason);
    }

    [Fact]
    public async Task AnEncoderThatIsOverloaded_IsAskedAgainWhereThereIsTime_AndOtherwiseTold()
    {
        await using TextHost host = await TextHost.StartAsync();
        await host.WriteAsync("cats purr");
        int refusals = 2;
        TimeSpan delay = TimeSpan.FromMilliseconds(5);
        host.Encoder.OnEncode = (_, _) => Interlocked.Decrement(ref refusals) >= 0
            ? throw new RpcException(StatusCode.Unavailable, "Too much work waits.", "OVERLOADED").With("fix", "Wait.").RetryAfter(delay)
            : Task.CompletedTask;
        Assert.Single((await host.SearchAsync(TextHost.Query("one"))).Hits);
        (refusals, delay) = (100, TimeSpan.FromMinutes(1));
        RpcException told = await RunningServer.RefusedAsync(() => host.SearchAsync(TextHost.Query("two")), Wire.ErrorReason.Overloaded);
        Assert.Equal((host.Encoder.Address.Authority, delay), (told.Facts["encoder"], told.RetryDelay));
        Assert.True(refusals == 99, $"An encoder that asks for a minute was asked {100 - refusals} times.");
    }

    [Fact]
    public async Task OfTwoEncodersOfOneModel_OneStandsInForTheOther_AndOneOfAnotherModelNever()
    {
        FakeEncoder first = await FakeEncoder.StartAsync();
        await using FakeEncoder second = await FakeEncoder.StartAsync();
        await using FakeEncoder stranger = await FakeEncoder.StartAsync(weights: 'b');
        await using TextHost host = await TextHost.StartAsync(first, addresses: [stranger.Address, first.Address, second.Address]);
        await host.WriteAsync("cats purr", "dogs bark");
        await first.KillAsync();
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(2UL, (await host.SearchAsync(TextHost.Query($"dogs {i}"))).Hits[0].Id.Number);
        }
        Assert.Empty(stranger.Encodes);
    }

    [Fact]
    public async Task AModelThatIsNotReadyYet_IsNoWrongModel()
    {
        FakeEncoder encoder = await FakeEncoder.StartAsync();
        encoder.IsTested = false;
        await using TextHost host = await TextHost.StartAsync(encoder);
        await RunningServer.RefusedAsync(() => host.SearchAsync(TextHost.Query("cats")), Wire.ErrorReason.EncoderDown);
        encoder.IsTested = true;
        Assert.Empty((await AgainAsync(() => host.SearchAsync(TextHost.Query("cats")))).Hits);
    }

    [Fact]
    public async Task TheDeadlineReachesTheEncoder_WithAMarginForTheAnswer()
    {
        await using TextHost host = await TextHost.StartAsync();
        await host.WriteAsync("cats purr");
        TimeSpan? seen = null;
        host.Encoder.OnEncode = (_, call) =>
        {
            seen = call.Remaining;
            return Task.CompletedTask;
        };
        await host.SearchAsync(TextHost.Query("cats"), TimeSpan.FromSeconds(30));
        Assert.InRange(seen!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30) - TimeSpan.FromMilliseconds(3));
    }

    [Fact]
    public async Task AnAnswerThatNoEncoderGives_IsNotUsed()
    {
        await using TextHost host = await TextHost.StartAsync();
        await host.WriteAsync("cats purr");
        host.Encoder.OnEncode = (request, _) =>
        {
            request.Texts.Clear();
            return Task.CompletedTask;
        };
        RpcException refused = await RunningServer.RefusedAsync(() => host.SearchAsync(TextHost.Query("cats")), Wire.ErrorReason.InternalFault);
        Assert.Contains("0 vectors for 1 texts", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>As a client that keeps to the retry delay, for as long as an encoder may take to be found again.</summary>
    private static async Task<T> AgainAsync<T>(Func<Task<T>> call)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (RpcException refused) when (refused.Code == StatusCode.Unavailable && attempt < 300)
            {
                await Task.Delay(refused.RetryDelay ?? TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
            }
        }
    }
}
