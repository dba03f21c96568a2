using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SearchEngine.Rpc.Operations.Metrics;

namespace SearchEngine.Rpc.Operations;

/// <summary>
/// The second port, HTTP/1.1 for those who run the process: <c>/metrics</c> (Prometheus), <c>/healthz</c> (it answers),
/// <c>/readyz</c> (200, or 503 with a line per reason). Ends when it is disposed, not with SIGTERM: a process that drains still says so.
/// </summary>
public sealed class OperationsServer : IAsyncDisposable
{
    private const int MostConnections = 64;
    private const string PlainText = "text/plain; charset=utf-8";

    private readonly WebApplication _host;
    private readonly MetricsCollector _metrics;

    private OperationsServer(WebApplication host, MetricsCollector metrics, IPEndPoint endPoint)
    {
        _host = host;
        _metrics = metrics;
        EndPoint = endPoint;
    }

    /// <summary>Where it listens, with the port it really has.</summary>
    public IPEndPoint EndPoint { get; }

    /// <param name="options">Where, and what about.</param>
    /// <param name="configureLogs">Where logs go; null keeps it silent.</param>
    public static async Task<OperationsServer> StartAsync(OperationsOptions options, Action<ILoggingBuilder>? configureLogs = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        configureLogs?.Invoke(builder.Logging);
        builder.WebHost.UseKestrelCore();
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.Configure<KestrelServerOptions>(kestrel => Apply(kestrel, options.Listen));
        var metrics = new MetricsCollector(options.MeterScope);
        WebApplication host = builder.Build();
        host.Run(http => AnswerAsync(http, options.Readiness, metrics));
        try
        {
            await host.StartAsync().ConfigureAwait(false);
        }
        catch
        {
            await host.DisposeAsync().ConfigureAwait(false);
            metrics.Dispose();
            throw;
        }
        string address = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new OperationsServer(host, metrics, new IPEndPoint(options.Listen.Address, new Uri(address).Port));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync().ConfigureAwait(false);
        await _host.DisposeAsync().ConfigureAwait(false);
        _metrics.Dispose();
    }

    private static void Apply(KestrelServerOptions kestrel, IPEndPoint where)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        kestrel.Limits.MaxRequestBodySize = 0;
        kestrel.Listen(where, listen => listen.Protocols = HttpProtocols.Http1);
    }

    private static Task AnswerAsync(HttpContext http, ReadinessBoard readiness, MetricsCollector metrics)
    {
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.Headers.Allow = "GET, HEAD";
            return WriteAsync(http, StatusCodes.Status405MethodNotAllowed, PlainText, "Only GET and HEAD.\n");
        }
        return http.Request.Path.Value switch
        {
            "/metrics" => WriteAsync(http, StatusCodes.Status200OK, PrometheusText.ContentType, metrics.Read()),
            "/healthz" => WriteAsync(http, StatusCodes.Status200OK, PlainText, "ok\n"),
            "/readyz" => ReadyAsync(http, readiness),
            _ => WriteAsync(http, StatusCodes.Status404NotFound, PlainText, "There are /metrics, /healthz and /readyz.\n"),
        };
    }

    private static Task ReadyAsync(HttpContext http, ReadinessBoard readiness)
    {
        IReadOnlyList<(string Part, string Reason)> reasons = readiness.Reasons;
        return reasons.Count == 0
            ? WriteAsync(http, StatusCodes.Status200OK, PlainText, "ready\n" + string.Concat(readiness.Notes.Select(note => $"{note.Part}: {note.Note}\n")))
            : WriteAsync(http, StatusCodes.Status503ServiceUnavailable, PlainText, string.Concat(reasons.Select(reason => $"{reason.Part}: {reason.Reason}\n")));
    }

    private static async Task WriteAsync(HttpContext http, int status, string type, string text)
    {
        byte[] body = Encoding.UTF8.GetBytes(text);
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        http.Response.ContentLength = body.Length;
        http.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.Body.WriteAsync(body, http.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Leaves signals to the server that serves calls.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
