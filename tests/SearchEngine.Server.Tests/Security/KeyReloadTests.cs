using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;
using SearchEngine.Server.Configuration;
using SearchEngine.Server.Security;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Server.Tests.Security;

public sealed class KeyReloadTests : IDisposable
{
    private readonly KeyFolder _keys = new();

    public void Dispose() => _keys.Dispose();

    [Fact]
    public async Task Keys_change_under_load_without_a_failed_call()
    {
        string owner = _keys.Add("owner", ["read", "write", "admin"]);
        await using RunningServer server = await RunningServer.StartAsync(_keys.Security);
        using RpcChannel channel = server.Connect(owner);
        var api = new Api(channel);
        await api.CreateAsync("docs");
        await api.UpsertAsync("docs", Api.Point(1), Api.Point(2));
        using var stop = new CancellationTokenSource();
        Task<int>[] callers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            int calls = 0;
            while (!stop.IsCancellationRequested)
            {
                Assert.Equal(2UL, await api.CountAsync("docs"));
                calls++;
            }
            return calls;
        }))];
        for (int i = 0; i < 5; i++)
        {
            // A new key is in force soon after its file is; nobody else notices.
            string added = _keys.Add($"added-{i}", ["read"]);
            using RpcChannel late = server.Connect(added);
            await AcceptedAsync(new Api(late));
        }
        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(callers), calls => Assert.True(calls > 0));
    }

    [Fact]
    public async Task Unusable_file_leaves_the_keys_in_force_and_a_removed_key_is_refused()
    {
        string owner = _keys.Add("owner", ["read", "write", "admin"]);
        string before = await File.ReadAllTextAsync(_keys.Path, TestContext.Current.CancellationToken);
        string leaver = _keys.Add("leaver", ["read"]);
        await using RunningServer server = await RunningServer.StartAsync(_keys.Security);
        using RpcChannel ownerChannel = server.Connect(owner), leaverChannel = server.Connect(leaver);
        await new Api(ownerChannel).CreateAsync("docs");
        await File.WriteAllTextAsync(_keys.Path, "{ not a key file", TestContext.Current.CancellationToken);
        for (int i = 0; i < 30; i++)
        {
            await new Api(leaverChannel).CountAsync("docs");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        await File.WriteAllTextAsync(_keys.Path, before, TestContext.Current.CancellationToken);
        StatusCode code = StatusCode.Ok;
        while (code != StatusCode.Unauthenticated)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            code = await CodeAsync(new Api(leaverChannel));
            Assert.True(code is StatusCode.Ok or StatusCode.Unauthenticated, $"A key that was removed answered {code}.");
        }
        Assert.Equal(StatusCode.Ok, await CodeAsync(new Api(ownerChannel)));
    }

    [Theory]
    [InlineData("{ \"keys\": [ { \"name\": \"J\u00fcrgen\" } ] }")]
    [InlineData("{ \"keys\": [ { \"name\": \"a\", \"comment\": \"\u00e9\" } ] }")]
    [InlineData("{ \"keys\": [ { \"name\": \"\\ud800\" } ] }")]
    public void File_that_is_no_text_leaves_the_keys_in_force_when_the_timer_finds_it(string json)
    {
        string owner = _keys.Add("owner", ["read"]);
        var time = new ManualTime();
        using var ring = new KeyRing(_keys.Path, time, NullLogger.Instance);
        File.WriteAllBytes(_keys.Path, Encoding.Latin1.GetBytes(json));
        // An exception here would be one of a timer, and end the process.
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("owner", ring.Current.Find(owner)?.Name);
        Assert.Contains(_keys.Path, Assert.Throws<ConfigurationException>(ring.Reload).Message, StringComparison.Ordinal);
    }

    private static async Task AcceptedAsync(Api api)
    {
        while (await CodeAsync(api) != StatusCode.Ok)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<StatusCode> CodeAsync(Api api)
    {
        try
        {
            await api.CountAsync("docs");
            return StatusCode.Ok;
        }
        catch (RpcException refused)
        {
            return refused.Code;
        }
    }
}
