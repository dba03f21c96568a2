using SearchEngine.Collections;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Operations;
using SearchEngine.Server.Security;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Server.Tests;

/// <summary>A search server in this process, on a free loopback port, with a directory of its own; and a channel to it.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly IReadOnlyList<IInterceptor> _interceptors;
    private SearchServer? _server;
    private RpcChannel? _channel;

    private RunningServer(IReadOnlyList<IInterceptor> interceptors) => _interceptors = interceptors;

    public RpcChannel Channel => _channel!;

    public Api Api => new(Channel);

    public Uri Address => new($"{(Tls is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps)}://{_server!.Rpc.EndPoint}");

    public string DataDirectory => _folder.File("data");

    public string BackupDirectory => _folder.File("backups");

    /// <summary>Calls the server still holds.</summary>
    public int ActiveCalls => _server!.Rpc.ActiveCallCount;

    public TimeSpan CursorLifetime { get; init; } = TimeSpan.FromMinutes(10);

    public SecurityOptions Security { get; init; } = new();

    public TlsOptions? Tls { get; init; }

    public WatchOptions Watch { get; init; } = new();

    public SearchServer Server => _server!;

    public static async Task<RunningServer> StartAsync(params IInterceptor[] interceptors)
    {
        var server = new RunningServer(interceptors);
        await server.OpenAsync();
        return server;
    }

    /// <summary>A server with keys; <see cref="Connect"/> has a channel for each. <see cref="Channel"/> has none.</summary>
    public static async Task<RunningServer> StartAsync(SecurityOptions security, WatchOptions? watch = null)
    {
        var server = new RunningServer([]) { Security = security, Watch = watch ?? new WatchOptions() };
        await server.OpenAsync();
        return server;
    }

    /// <summary>A server with TLS; its channel trusts what the machine trusts.</summary>
    public static async Task<RunningServer> StartAsync(TlsOptions tls)
    {
        var server = new RunningServer([]) { Tls = tls };
        await server.OpenAsync();
        return server;
    }

    /// <summary>A channel that carries a key; the caller disposes it.</summary>
    public RpcChannel Connect(string key) => new(
        Address, new RpcChannelOptions { MaxReplyBytes = 64 << 20, Headers = new Metadata { { "authorization", $"Bearer {key}" } } });

    /// <summary>Stops the server and starts another one on the same data.</summary>
    public async Task RestartAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _folder.Dispose();
    }

    /// <summary>Expects a refusal of the contract: code, reason and field, and a fix in words.</summary>
    public static async Task<RpcException> RefusedAsync(Func<Task> call, Wire.ErrorReason reason, string field = "")
    {
        RpcException refused = await Assert.ThrowsAsync<RpcException>(call);
        Assert.True(
            Reasons.NameOf(reason) == refused.Reason, $"Expected {reason}, but the server answered {refused.Code} {refused.Reason}: {refused.Message}");
        Assert.Equal(Reasons.CodeOf(reason), refused.Code);
        Assert.Equal(field, refused.Facts.GetValueOrDefault("field", ""));
        Assert.False(string.IsNullOrEmpty(refused.Facts.GetValueOrDefault("fix")), $"{reason} came without a fix.");
        return refused;
    }

    private async Task OpenAsync()
    {
        _server = await SearchServer.StartAsync(
            new SearchServerOptions
            {
                DataDirectory = DataDirectory,
                BackupDirectory = BackupDirectory,
                CursorLifetime = CursorLifetime,
                Security = Security,
                Watch = Watch,
                Engine = new CollectionSettings { FlushRows = 4_096 },
            },
            new RpcServerOptions { Interceptors = _interceptors, Tls = Tls, DrainTime = TimeSpan.FromMilliseconds(200) });
        _channel = new RpcChannel(Address, new RpcChannelOptions { MaxReplyBytes = 64 << 20 });
    }

    private async Task CloseAsync()
    {
        _channel?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
