using System.Diagnostics;
using System.Diagnostics.Metrics;
using SearchEngine.Rpc.Client;
using SearchEngine.Rpc.Server;
using SearchEngine.Rpc.Tests.Probe;
using Xunit;

namespace SearchEngine.Rpc.Tests.Calls;

public sealed class InterceptorTests
{
    [Fact]
    public async Task Authentication_RefusesBeforeTheHandlerAndTellsTheHandlerWhoCalls()
    {
        object? principal = null;
        await using ProbeServer server = await ProbeServer.StartAsync(new RpcServerOptions { Interceptors = [new TokenAuthentication()] });
        server.Handlers.Inspect = call => principal = call.Principal;
        using RpcChannel channel = server.Connect();
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() =>
            channel.UnaryAsync(ProbeMethods.Echo, new ProbeRequest(), cancellation: TestContext.Current.CancellationToken));
        Assert.Equal((StatusCode.Unauthenticated, "TOKEN_MISSING"), (refused.Code, refused.Reason));
        Assert.Equal(0, server.Handlers.Entered);

        var headers = new Metadata { { "authorization", "Bearer ada" } };
        await channel.UnaryAsync(ProbeMethods.Echo, new ProbeRequest(), new CallOptions { Headers = headers }, TestContext.Current.CancellationToken);
        Assert.Equal("ada", principal);
    }

    [Fact]
    public async Task AFaultOfAHandler_ReachesTheCallerAsAnIncidentThatTheLogNames()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        server.Handlers.Inspect = static _ => throw new InvalidOperationException("a secret");
        using RpcChannel channel = server.Connect();
        RpcException fault = await Assert.ThrowsAsync<RpcException>(() =>
            channel.UnaryAsync(ProbeMethods.Echo, new ProbeRequest(), cancellation: TestContext.Current.CancellationToken));
        Assert.Equal((StatusCode.Internal, RpcReasons.InternalFault), (fault.Code, fault.Reason));
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
        string line = Assert.Single(server.Log.OwnLines);
        Assert.Contains(fault.Facts["incident"], line, StringComparison.Ordinal);
        Assert.Contains("a secret", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interceptors_RunInTheirOrderAroundEveryCall()
    {
        var order = new List<string>();
        await using ProbeServer server = await ProbeServer.StartAsync(new RpcServerOptions { Interceptors = [new Recorder("outer", order), new Recorder("inner", order)] });
        using RpcChannel channel = server.Connect();
        await channel.UnaryAsync(ProbeMethods.Echo, new ProbeRequest(), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(["outer in", "inner in", "inner out", "outer out"], order);
    }

    [Fact]
    public async Task ARefusalThatIsReturned_ReachesTheCallerAsOneThatIsThrown()
    {
        RpcException busy = new RpcException(StatusCode.Unavailable, "Too much waits.", "BUSY").With("limit", "3").RetryAfter(TimeSpan.FromSeconds(2));
        var seen = new List<RpcException?>();
        await using ProbeServer server = await ProbeServer.StartAsync(new RpcServerOptions { Interceptors = [new RefusalRecorder(seen)] });
        server.Handlers.Inspect = call => Assert.Null(call.Refuse<ProbeReply>(busy));
        using RpcChannel channel = server.Connect();
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(
            ProbeMethods.Echo, new ProbeRequest(), new CallOptions { Retry = RetryPolicy.None }, TestContext.Current.CancellationToken));
        Assert.Equal((busy.Code, busy.Message, busy.Reason, busy.RetryDelay), (refused.Code, refused.Message, refused.Reason, refused.RetryDelay));
        Assert.Equal("3", refused.Facts["limit"]);
        Assert.Same(busy, Assert.Single(seen));
    }

    [Fact]
    public async Task Telemetry_ContinuesTheCallersTraceAndRecordsTheStatus()
    {
        using var caller = new Activity("caller");
        caller.SetIdFormat(ActivityIdFormat.W3C).Start();
        var spans = new List<Activity>();
        using var spanListener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TelemetryInterceptor.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.TraceId == caller.TraceId ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                lock (spans) spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(spanListener);
        var statuses = new List<object?>();
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "rpc.server.duration") listener.EnableMeasurementEvents(instrument);
            },
        };
        meters.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            lock (statuses) statuses.Add(tags.ToArray().Single(tag => tag.Key == "rpc.grpc.status_code").Value);
        });
        meters.Start();

        await using ProbeServer server = await ProbeServer.StartAsync();
        using RpcChannel channel = server.Connect();
        var failing = new ProbeRequest { Script = new Script { Behaviour = Behaviour.Fail, Status = (int)StatusCode.DataLoss, Message = "gone" } };
        await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(ProbeMethods.Echo, failing, cancellation: TestContext.Current.CancellationToken));
        await server.ActiveCallsBecomeAsync(0, TestContext.Current.CancellationToken);

        Activity span = Assert.Single(spans);
        Assert.Equal(caller.SpanId, span.ParentSpanId);
        Assert.Equal("searchengine.rpc.probe.Probe/Echo", span.OperationName);
        Assert.Equal((int)StatusCode.DataLoss, span.GetTagItem("rpc.grpc.status_code"));
        // Other tests' servers are measured by the same meter.
        lock (statuses) Assert.Contains((int)StatusCode.DataLoss, statuses);
    }

    private sealed class TokenAuthentication : IInterceptor
    {
        private const string Scheme = "Bearer ";

        public ValueTask InvokeAsync(ServerCall call, CallDelegate next)
        {
            if (call.RequestHeaders.Text("authorization") is not { } token || !token.StartsWith(Scheme, StringComparison.Ordinal))
            {
                throw new RpcException(StatusCode.Unauthenticated, "The call carries no bearer token.", "TOKEN_MISSING");
            }
            call.Principal = token[Scheme.Length..];
            return next(call);
        }
    }

    private sealed class RefusalRecorder(List<RpcException?> seen) : IInterceptor
    {
        public async ValueTask InvokeAsync(ServerCall call, CallDelegate next)
        {
            await next(call);
            seen.Add(call.Refusal);
        }
    }

    private sealed class Recorder(string name, List<string> order) : IInterceptor
    {
        public async ValueTask InvokeAsync(ServerCall call, CallDelegate next)
        {
            order.Add($"{name} in");
            await next(call);
            order.Add($"{name} out");
        }
    }
}
