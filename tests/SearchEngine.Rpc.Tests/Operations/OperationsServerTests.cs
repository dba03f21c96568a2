using System.Net;
using SearchEngine.Rpc.Client;
using SearchEngine.Rpc.Health;
using SearchEngine.Rpc.Health.V1;
using SearchEngine.Rpc.Operations;
using SearchEngine.Rpc.Server;
using SearchEngine.Rpc.Tests.Probe;
using Xunit;

namespace SearchEngine.Rpc.Tests.Operations;

using ServingStatus = HealthCheckResponse.Types.ServingStatus;

public sealed class OperationsServerTests
{
    private static readonly RpcMethod<HealthCheckRequest, HealthCheckResponse> Check = new(HealthReflection.Descriptor.Services[0], "Check");

    private readonly HealthBoard _health = new();

    [Fact]
    public async Task Metrics_CountCallsByMethodAndStatus()
    {
        var scope = new object();
        await using ProbeServer server = await ProbeServer.StartAsync(new RpcServerOptions { MeterScope = scope });
        await using OperationsServer operations = await OperationsServer.StartAsync(
            new OperationsOptions { Readiness = new ReadinessBoard(_health), MeterScope = scope });
        using RpcChannel channel = server.Connect();
        var failing = new ProbeRequest { Script = new Script { Behaviour = Behaviour.Fail, Status = (int)StatusCode.DataLoss } };
        for (int i = 0; i < 3; i++) await channel.UnaryAsync(ProbeMethods.Echo, new ProbeRequest(), cancellation: TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(ProbeMethods.Echo, failing, cancellation: TestContext.Current.CancellationToken));
        await server.ActiveCallsBecomeAsync(0, TestContext.Current.CancellationToken);

        (HttpStatusCode status, string type, string text) = await GetAsync(operations, "/metrics");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", type);
        var page = new PrometheusPage(text);
        Assert.Equal(3, page.Sum("rpc_server_duration_seconds_count", "rpc_method=\"Echo\"", "rpc_grpc_status_code=\"0\""));
        Assert.Equal(1, page.Sum("rpc_server_duration_seconds_count", "rpc_method=\"Echo\"", "rpc_grpc_status_code=\"15\""));
        Assert.Equal(0, page.Sum("rpc_server_active_calls", "rpc_method=\"Echo\""));
        Assert.Equal(failing.CalculateSize(), page.Sum("rpc_server_request_size_bytes_total", "rpc_method=\"Echo\""));
    }

    [Fact]
    public async Task CallsInProgress_AreShownByMethod()
    {
        var scope = new object();
        await using ProbeServer server = await ProbeServer.StartAsync(new RpcServerOptions { MeterScope = scope });
        await using OperationsServer operations = await OperationsServer.StartAsync(
            new OperationsOptions { Readiness = new ReadinessBoard(_health), MeterScope = scope });
        using RpcChannel channel = server.Connect();
        var watch = new RpcMethod<HealthCheckRequest, HealthCheckResponse>(HealthReflection.Descriptor.Services[0], "Watch");
        await using ServerStreamCall<HealthCheckRequest, HealthCheckResponse> watching =
            await channel.ServerStreamAsync(watch, new HealthCheckRequest(), cancellation: TestContext.Current.CancellationToken);
        await watching.ReadAsync();
        var page = new PrometheusPage((await GetAsync(operations, "/metrics")).Text);
        Assert.Equal(1, page.Sum("rpc_server_active_calls", "rpc_method=\"Watch\""));
    }

    [Fact]
    public async Task Readiness_NamesEveryReasonAndHoldsHealthUntilTheLastIsGone()
    {
        var readiness = new ReadinessBoard(_health);
        readiness.Wait("collection docs", "the self-test has not run");
        readiness.Wait("encoder", "it does not answer");
        await using ProbeServer server = await ProbeServer.StartAsync(new RpcServerOptions { Health = _health });
        await using OperationsServer operations = await OperationsServer.StartAsync(new OperationsOptions { Readiness = readiness });
        using RpcChannel channel = server.Connect();
        (HttpStatusCode status, _, string text) = await GetAsync(operations, "/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("collection docs: the self-test has not run\nencoder: it does not answer\n", text);
        Assert.Equal(ServingStatus.NotServing, await HealthAsync(channel));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(operations, "/healthz")).Status);

        readiness.Clear("encoder");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync(operations, "/readyz")).Status);
        readiness.Clear("collection docs");
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(operations, "/readyz")).Status);
        Assert.Equal(ServingStatus.Serving, await HealthAsync(channel));
    }

    [Fact]
    public async Task WhatIsMissingButKeepsNobodyAway_IsToldWithReady()
    {
        var readiness = new ReadinessBoard(_health);
        await using OperationsServer operations = await OperationsServer.StartAsync(new OperationsOptions { Readiness = readiness });
        readiness.Note("encoder", "texts of docs cannot be encoded");
        (HttpStatusCode status, _, string text) = await GetAsync(operations, "/readyz");
        Assert.Equal((HttpStatusCode.OK, "ready\nencoder: texts of docs cannot be encoded\n"), (status, text));
        readiness.Clear("encoder");
        Assert.Equal("ready\n", (await GetAsync(operations, "/readyz")).Text);
    }

    [Fact]
    public async Task ServerThatStops_IsNotReadyBeforeItIsGone()
    {
        await using OperationsServer operations = await OperationsServer.StartAsync(new OperationsOptions { Readiness = new ReadinessBoard(_health) });
        ProbeServer server = await ProbeServer.StartAsync(new RpcServerOptions { Health = _health });
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(operations, "/readyz")).Status);
        await server.DisposeAsync();
        (HttpStatusCode status, _, string text) = await GetAsync(operations, "/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.StartsWith("server: draining", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/", HttpStatusCode.NotFound)]
    [InlineData("GET", "/metrics/", HttpStatusCode.NotFound)]
    [InlineData("POST", "/metrics", HttpStatusCode.MethodNotAllowed)]
    [InlineData("HEAD", "/metrics", HttpStatusCode.OK)]
    public async Task OtherRequests_AreRefused(string method, string path, HttpStatusCode expected)
    {
        await using OperationsServer operations = await OperationsServer.StartAsync(new OperationsOptions { Readiness = new ReadinessBoard(_health) });
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri($"http://{operations.EndPoint}{path}"));
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(expected, response.StatusCode);
    }

    private static async Task<ServingStatus> HealthAsync(RpcChannel channel) =>
        (await channel.UnaryAsync(Check, new HealthCheckRequest(), cancellation: TestContext.Current.CancellationToken)).Status;

    private static async Task<(HttpStatusCode Status, string Type, string Text)> GetAsync(OperationsServer operations, string path)
    {
        using var client = new HttpClient();
        using HttpResponseMessage response = await client.GetAsync(new Uri($"http://{operations.EndPoint}{path}"), TestContext.Current.CancellationToken);
        return (response.StatusCode, response.Content.Headers.ContentType!.ToString(), await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
