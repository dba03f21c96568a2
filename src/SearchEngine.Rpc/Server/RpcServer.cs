using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SearchEngine.Rpc.Health;
using SearchEngine.Rpc.Reflection;

namespace SearchEngine.Rpc.Server;

/// <summary>A gRPC server: the given services, health and reflection, on one port.</summary>
public sealed class RpcServer : IAsyncDisposable
{
    private readonly WebApplication _host;

    private RpcServer(WebApplication host, IPEndPoint endPoint, HealthBoard health)
    {
        _host = host;
        EndPoint = endPoint;
        Health = health;
    }

    /// <summary>Where the server listens, with the port it really has.</summary>
    public IPEndPoint EndPoint { get; }

    public HealthBoard Health { get; }

    /// <summary>Calls in progress, until the last of each has left its handler and its status is on the way.</summary>
    public int ActiveCallCount => _host.Services.GetRequiredService<RpcDispatcher>().Active.Count;

    /// <param name="options">Validated here.</param>
    /// <param name="services">What is served, and what the contract has beyond that.</param>
    /// <param name="configureLogs">Where logs go; null keeps the server silent.</param>
    public static async Task<RpcServer> StartAsync(
        RpcServerOptions options, IReadOnlyList<RpcService> services, Action<ILoggingBuilder>? configureLogs = null)
    {
        options.Validate();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        configureLogs?.Invoke(builder.Logging);
        RpcService[] described = [.. services, HealthService.Bind(options.Health)];
        RpcService[] all = [.. described, .. ReflectionService.Bind(described)];
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.Services.AddSingleton(provider => new RpcDispatcher(options, all, Log(provider)));
        builder.Services.AddHostedService(provider =>
            new DrainService(options, provider.GetRequiredService<RpcDispatcher>(), Log(provider)));
        // The drain has its own time; Kestrel gets a little more to send what is left.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTime + TimeSpan.FromSeconds(3));
        builder.Services.AddOptions<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>()
            .Configure<IServiceProvider>((kestrel, provider) => KestrelSetup.Apply(kestrel, options,
                options.Tls is null ? null : new CertificateSource(options.Tls, options.Time, Log(provider))));

        WebApplication host = builder.Build();
        host.Run(host.Services.GetRequiredService<RpcDispatcher>().InvokeAsync);
        options.Health.Register(all.Where(service => service.IsServed).Select(service => service.Name));
        try
        {
            await host.StartAsync().ConfigureAwait(false);
        }
        catch
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        return new RpcServer(host, BoundTo(host, options.Listen), options.Health);
    }

    /// <summary>Completes once the process is told to stop (SIGTERM, Ctrl-C) and every call has been drained.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellation = default) => _host.WaitForShutdownAsync(cancellation);

    /// <summary>Drains and stops.</summary>
    public Task StopAsync(CancellationToken cancellation = default) => _host.StopAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        if (!_host.Lifetime.ApplicationStopped.IsCancellationRequested) await _host.StopAsync().ConfigureAwait(false);
        await _host.DisposeAsync().ConfigureAwait(false);
    }

    private static ILogger Log(IServiceProvider provider) =>
        provider.GetRequiredService<ILoggerFactory>().CreateLogger(TelemetryInterceptor.SourceName);

    private static IPEndPoint BoundTo(WebApplication host, IPEndPoint asked)
    {
        string address = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new IPEndPoint(asked.Address, new Uri(address).Port);
    }
}
