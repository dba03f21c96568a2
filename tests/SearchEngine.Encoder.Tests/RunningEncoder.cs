using SearchEngine.Encoder.Batching;
using SearchEngine.Models.Testing;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;
using SearchEngine.Rpc.Server;
using Xunit;

namespace SearchEngine.Encoder.Tests;

/// <summary>An encoder server in this process, on a free loopback port, and a channel to it.</summary>
internal sealed class RunningEncoder : IAsyncDisposable
{
    private RunningEncoder(EncoderServer server)
    {
        Server = server;
        Channel = new RpcChannel(Address, new RpcChannelOptions { MaxReplyBytes = 64 << 20 });
    }

    public EncoderServer Server { get; }

    public RpcChannel Channel { get; }

    public EncoderApi Api => new(Channel);

    public Uri Address => new($"http://{Server.Rpc.EndPoint}");

    /// <summary>A server of these folders that is ready; the test is skipped where ONNX Runtime's library is not.</summary>
    public static Task<RunningEncoder> StartAsync(params TestFolder[] folders) => StartAsync(LaneRules.Default, folders);

    public static async Task<RunningEncoder> StartAsync(LaneRules lanes, params TestFolder[] folders)
    {
        var encoder = new RunningEncoder(await StartServerAsync(lanes, folders));
        await encoder.Server.Ready;
        return encoder;
    }

    /// <summary>A server that may not be ready yet, nor ever.</summary>
    public static async Task<RunningEncoder> StartUnreadyAsync(params TestFolder[] folders) =>
        new(await StartServerAsync(LaneRules.Default, folders));

    private static async Task<EncoderServer> StartServerAsync(LaneRules lanes, params TestFolder[] folders)
    {
        SharedRuntime.Require();
        return await EncoderServer.StartAsync(
            new EncoderServerOptions
            {
                Models = [.. folders.Select(f => f.Path)],
                Executors = 2,
                WarmUp = TimeSpan.FromMilliseconds(300),
                Lanes = lanes,
            },
            new RpcServerOptions { DrainTime = TimeSpan.FromMilliseconds(200), MeterScope = new object() });
    }

    /// <summary>Expects a refusal of the contract: code, reason and field, and a fix in words.</summary>
    public static async Task<RpcException> RefusedAsync(Func<Task> call, Wire.ErrorReason reason, string field = "")
    {
        var refused = await Assert.ThrowsAsync<RpcException>(call);
        Assert.True(
            Reasons.NameOf(reason) == refused.Reason, $"Expected {reason}, but the encoder answered {refused.Code} {refused.Reason}: {refused.Message}");
        Assert.Equal(Reasons.CodeOf(reason), refused.Code);
        Assert.Equal(field, refused.Facts.GetValueOrDefault("field", ""));
        Assert.False(string.IsNullOrEmpty(refused.Facts.GetValueOrDefault("fix")), $"{reason} came without a fix.");
        return refused;
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await Server.DisposeAsync();
    }
}
