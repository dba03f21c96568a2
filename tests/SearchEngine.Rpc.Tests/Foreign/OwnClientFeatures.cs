using System.Globalization;
using System.Text;
using Grpc.Testing;
using SearchEngine.Rpc.Client;
using SearchEngine.Rpc.Health.V1;
using Xunit;

namespace SearchEngine.Rpc.Tests.Foreign;

/// <summary>Compression, metadata, cancellation, deadlines and health, with our client.</summary>
internal static class OwnClientFeatures
{
    private const string EchoInitial = "x-grpc-test-echo-initial";
    private const string EchoTrailing = "x-grpc-test-echo-trailing-bin";
    private const string AskRemaining = "x-interop-ask-time-remaining";
    private const string TimeRemaining = "x-interop-time-remaining-ms";

    public static async Task ClientCompressedUnary(OwnClient client)
    {
        SimpleRequest Request(bool expected)
        {
            SimpleRequest request = OwnClient.LargeRequest();
            request.ExpectCompressed = new BoolValue { Value = expected };
            return request;
        }
        await OwnClient.FailsWithAsync(StatusCode.InvalidArgument, () => client.UnaryAsync(Request(true)));
        Assert.Equal(314159, OwnClient.SizeOfZeros((await client.UnaryAsync(Request(true), OwnClient.Gzip)).Payload));
        Assert.Equal(314159, OwnClient.SizeOfZeros((await client.UnaryAsync(Request(false))).Payload));
    }

    public static async Task ClientCompressedStreaming(OwnClient client)
    {
        StreamingInputCallRequest Request(bool expected, int size)
        {
            StreamingInputCallRequest request = OwnClient.InputRequest(size);
            request.ExpectCompressed = new BoolValue { Value = expected };
            return request;
        }
        await using (var probe = await client.Channel.ClientStreamAsync(OwnClient.InputCall, OwnClient.Timed))
        {
            await OwnClient.FailsWithAsync(StatusCode.InvalidArgument, async () =>
            {
                await probe.WriteAsync(Request(true, 27182));
                await probe.CompleteAsync();
            });
        }
        await using var call = await client.Channel.ClientStreamAsync(OwnClient.InputCall, OwnClient.Gzip);
        await call.WriteAsync(Request(true, 27182));
        await call.WriteAsync(Request(false, 45904), MessageCompression.None);
        Assert.Equal(73086, (await call.CompleteAsync()).AggregatedPayloadSize);
    }

    public static async Task ServerCompressedUnary(OwnClient client)
    {
        foreach (bool compressed in (bool[])[true, false])
        {
            SimpleRequest request = OwnClient.LargeRequest();
            request.ResponseCompressed = new BoolValue { Value = compressed };
            Assert.Equal(314159, OwnClient.SizeOfZeros((await client.UnaryAsync(request)).Payload));
        }
    }

    public static async Task ServerCompressedStreaming(OwnClient client)
    {
        var request = new StreamingOutputCallRequest();
        request.ResponseParameters.Add(new ResponseParameters { Size = 31415, Compressed = new BoolValue { Value = true } });
        request.ResponseParameters.Add(new ResponseParameters { Size = 92653, Compressed = new BoolValue { Value = false } });
        await using var call = await client.Channel.ServerStreamAsync(OwnClient.OutputCall, request, OwnClient.Timed);
        Assert.Equal([31415, 92653], await client.SizesAsync(call));
    }

    public static async Task CustomMetadata(OwnClient client)
    {
        byte[] trailing = [0xab, 0xab, 0xab];
        var headers = new Metadata();
        headers.Add(EchoInitial, "test_initial_metadata_value");
        headers.Add(EchoTrailing, trailing);
        var record = new CallRecord();
        await client.UnaryAsync(OwnClient.LargeRequest(), OwnClient.Timed with { Headers = headers, Record = record });
        Assert.Equal("test_initial_metadata_value", record.Headers.Text(EchoInitial));
        Assert.Equal(trailing, record.Trailers.Bytes(EchoTrailing)?.ToArray());

        await using var call = await client.Channel.DuplexAsync(OwnClient.DuplexCall, OwnClient.Timed with { Headers = headers });
        // Before the first message: a client may want to see the headers before it says anything.
        Assert.Equal("test_initial_metadata_value", (await call.ReadHeadersAsync()).Text(EchoInitial));
        await call.WriteAsync(OwnClient.OutputRequest(271828, 314159));
        call.CompleteRequests();
        Assert.Equal(314159, OwnClient.SizeOfZeros((await call.ReadAsync())!.Payload));
        Assert.Null(await call.ReadAsync());
        Assert.Equal(trailing, call.Trailers.Bytes(EchoTrailing)?.ToArray());
    }

    public static async Task MetadataEdgeCases(OwnClient client)
    {
        foreach (string value in (string[])["", "a b%20c,d;e=\"f\"~!@#$^&*()", new string('v', 6000)])
        {
            var headers = new Metadata();
            headers.Add(EchoInitial, value);
            var record = new CallRecord();
            await client.UnaryAsync(new SimpleRequest(), OwnClient.Timed with { Headers = headers, Record = record });
            Assert.Equal([value], record.Headers.Where(entry => entry.Key == EchoInitial).Select(entry => entry.Text));
        }
        byte[] every = [.. Enumerable.Range(0, 256).Select(each => (byte)each)];
        foreach (byte[] value in (byte[][])[every, [], Encoding.UTF8.GetBytes("Z\u00fcrich \u263a \U0001f608"), [1], [1, 2]])
        {
            Assert.Equal([value], await EchoTrailingAsync(client, value));
        }
    }

    /// <summary>
    /// SocketsHttpHandler would join two values with a comma, which the C core 1.51 refuses in -bin headers (UNAVAILABLE,
    /// "Failed parsing HTTP/2"): the call must be refused before it is sent, and must not cost the channel.
    /// </summary>
    public static async Task MetadataRepeatedKeys(OwnClient client)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => EchoTrailingAsync(client, "first"u8.ToArray(), "second"u8.ToArray()));
        await client.StillAliveAsync("a call with metadata that cannot be sent");
    }

    public static async Task MetadataWithError(OwnClient client)
    {
        var headers = new Metadata();
        headers.Add(EchoTrailing, (byte[])[0, 255]);
        var request = new SimpleRequest { ResponseStatus = new EchoStatus { Code = 9, Message = "refused" } };
        RpcException failure = await OwnClient.FailsWithAsync(StatusCode.FailedPrecondition, () => client.UnaryAsync(request, OwnClient.Timed with { Headers = headers }));
        Assert.Equal([0, 255], failure.Trailers.Bytes(EchoTrailing)?.ToArray());
    }

    public static async Task CancelAfterBegin(OwnClient client)
    {
        using var cancellation = new CancellationTokenSource();
        await using (var call = await client.Channel.ClientStreamAsync(OwnClient.InputCall, OwnClient.Timed, cancellation.Token))
        {
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(call.CompleteAsync);
        }
        await client.StillAliveAsync("a cancelled call");
    }

    public static async Task CancelAfterFirstResponse(OwnClient client)
    {
        using var cancellation = new CancellationTokenSource();
        await using (var call = await client.Channel.DuplexAsync(OwnClient.DuplexCall, OwnClient.Timed, cancellation.Token))
        {
            await call.WriteAsync(OwnClient.OutputRequest(27182, 31415));
            Assert.Equal(31415, OwnClient.SizeOfZeros((await call.ReadAsync())!.Payload));
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.ReadAsync().AsTask());
        }
        await client.StillAliveAsync("a cancelled stream");
    }

    public static async Task CancelManyStreams(OwnClient client)
    {
        for (int i = 0; i < 300; i++)
        {
            await using var call = await client.Channel.DuplexAsync(OwnClient.DuplexCall, OwnClient.Timed);
        }
        await client.StillAliveAsync("300 abandoned streams");
    }

    public static async Task TimeoutOnSleepingServer(OwnClient client)
    {
        await using (var call = await client.Channel.DuplexAsync(OwnClient.DuplexCall, new CallOptions { Timeout = TimeSpan.FromMilliseconds(1) }))
        {
            // The server may end the call before this write: only what reading says is the status.
            await Record.ExceptionAsync(() => call.WriteAsync(OwnClient.OutputRequest(27182)).AsTask());
            await OwnClient.FailsWithAsync(StatusCode.DeadlineExceeded, () => call.ReadAsync().AsTask());
        }
        await client.StillAliveAsync("an expired deadline");
    }

    public static async Task DeadlinePropagation(OwnClient client)
    {
        async Task<string?> Remaining(CallOptions options)
        {
            var headers = new Metadata();
            headers.Add(AskRemaining, "1");
            var record = new CallRecord();
            await client.UnaryAsync(new SimpleRequest(), options with { Headers = headers, Record = record });
            return record.Headers.Text(TimeRemaining);
        }
        string? left = await Remaining(new CallOptions { Timeout = TimeSpan.FromSeconds(30) });
        Assert.InRange(int.Parse(left!, CultureInfo.InvariantCulture), 1, 33_000);
        Assert.Equal("none", await Remaining(new CallOptions()));

        var sleepy = new StreamingOutputCallRequest();
        sleepy.ResponseParameters.Add(new ResponseParameters { Size = 1, IntervalUs = 60_000_000 });
        await using var call = await client.Channel.ServerStreamAsync(OwnClient.OutputCall, sleepy, new CallOptions { Timeout = TimeSpan.FromMilliseconds(200) });
        await OwnClient.FailsWithAsync(StatusCode.DeadlineExceeded, () => call.ReadAsync().AsTask());
        await client.StillAliveAsync("an expired deadline");
    }

    public static async Task HealthChecks(OwnClient client)
    {
        var service = HealthReflection.Descriptor.Services.Single();
        var check = new RpcMethod<HealthCheckRequest, HealthCheckResponse>(service, "Check");
        foreach (string name in (string[])["", "grpc.testing.TestService"])
        {
            HealthCheckResponse response = await client.Channel.UnaryAsync(check, new HealthCheckRequest { Service = name }, OwnClient.Timed, CancellationToken.None);
            Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, response.Status);
        }
        await OwnClient.FailsWithAsync(StatusCode.NotFound, () => client.Channel.UnaryAsync(check, new HealthCheckRequest { Service = "no.such.Service" }, OwnClient.Timed));

        var watch = new RpcMethod<HealthCheckRequest, HealthCheckResponse>(service, "Watch");
        await using var call = await client.Channel.ServerStreamAsync(watch, new HealthCheckRequest { Service = "no.such.Service" }, OwnClient.Timed);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.ServiceUnknown, (await call.ReadAsync())!.Status);
    }

    private static async Task<byte[][]> EchoTrailingAsync(OwnClient client, params byte[][] values)
    {
        var headers = new Metadata();
        foreach (byte[] value in values) headers.Add(EchoTrailing, value);
        var record = new CallRecord();
        await client.UnaryAsync(new SimpleRequest(), OwnClient.Timed with { Headers = headers, Record = record });
        return [.. record.Trailers.Where(entry => entry.Key == EchoTrailing).Select(entry => entry.Bytes.ToArray())];
    }
}
