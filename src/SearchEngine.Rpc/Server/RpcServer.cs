using System.Net;
using System.Security.Cryptography.X509Certificates;
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
    public int ActiveCallCount => Dispatcher.Active.Count;

    private RpcDispatcher Dispatcher => _host.Services.GetRequiredService<RpcDispatcher>();

    /// <param name="options">Validated here.</param>
    /// <param name="services">What is served, and what the contract has beyond that.</param>
    /// <param name="configureLogs">Where logs go; null keeps the server silent.</param>
    public static async Task<RpcServer> StartAsync(
        RpcServerOptions options, IReadOnlyList<RpcService> services, Action<ILoggingBuilder>? configureLogs = null)
    {
        options.Validate();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        configureLogs?.Invoke(builder.Logging);
        RpcService[] described = [.. services, HealthService.Bind(options.Health).ServeWhileDraining()];
        RpcService[] all = [.. described, .. ReflectionService.Bind(described)];
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.Services.AddSingleton(provider => new RpcDispatcher(options, all, Log(provider)));
        if (options.Tls is { } tls) builder.Services.AddSingleton(provider => new CertificateSource(tls, options.Time, Log(provider)));
        builder.Services.AddHostedService(provider =>
            new DrainService(options, provider.GetRequiredService<RpcDispatcher>(), Log(provider)));
        // The drain has its own time; Kestrel gets a little more to send what is left.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTime + TimeSpan.FromSeconds(3));
        builder.Services.AddOptions<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>()
            .Configure<IServiceProvider>((kestrel, provider) => KestrelSetup.Apply(kestrel, options, provider.GetService<CertificateSource>()));

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

    /// <summary>
    /// Takes no new calls but those of services that are served while draining; health says NOT_SERVING. Calls in progress go on, and
    /// the process does not end.
    /// </summary>
    public void BeginDrain()
    {
        if (Dispatcher.Admission == Admission.All) Dispatcher.Admission = Admission.WhileDraining;
        Health.Drain();
    }

    /// <summary>No new work is taken: a drain has begun, or the server is being stopped.</summary>
    public bool IsDraining => Dispatcher.Admission != Admission.All;

    /// <summary>Takes calls again after <see cref="BeginDrain"/>; a server that is being stopped does not.</summary>
    public void Resume()
    {
        if (Dispatcher.Admission != Admission.WhileDraining) return;
        Dispatcher.Admission = Admission.All;
        Health.Resume();
    }

    /// <summary>Ends calls in progress with UNAVAILABLE, except those of services that are served while draining.</summary>
    public void EndCalls() => Dispatcher.Active.End(CallEnd.Drained, call => !call.Method.IsServedWhileDraining);

    /// <summary>Calls in progress that a drain waits for.</summary>
    public int DrainingCallCount => Dispatcher.Active.CountWhere(call => !call.Method.IsServedWhileDraining);

    /// <summary>Reads the certificate files now.</summary>
    /// <returns>What is in use: the server's certificate, then authorities of clients'. Empty without TLS.</returns>
    /// <exception cref="IOException">A file cannot be read; nothing changed.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A file holds no certificate or key; nothing changed.</exception>
    public IReadOnlyList<(X509Certificate2 Certificate, bool IsAuthority)> ReloadCertificates() =>
        _host.Services.GetService<CertificateSource>()?.Reload() is { } loaded
            ? [(loaded.Leaf, false), .. loaded.ClientAuthorities.Select(authority => (authority, true))]
            : [];

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
