using Grpc.Testing;
using SearchEngine.Rpc.Client;
using Xunit;

namespace SearchEngine.Rpc.Tests.Foreign;

/// <summary>Plain calls of the four shapes, status and message limits, with our client.</summary>
internal static class OwnClientCalls
{
    private const string StatusMessage = "test status message";
    private const string SpecialStatusMessage = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n";

    // What the official servers accept when nobody tells them otherwise.
    private const int ServerLimit = 4 * 1024 * 1024;

    private static readonly int[] RequestSizes = [27182, 8, 1828, 45904];
    private static readonly int[] ResponseSizes = [31415, 9, 2653, 58979];

    public static async Task EmptyUnary(OwnClient client)
    {
        Empty response = await client.Channel.UnaryAsync(OwnClient.EmptyCall, new Empty(), OwnClient.Timed, CancellationToken.None);
        Assert.Equal(0, response.CalculateSize());
    }

    public static async Task LargeUnary(OwnClient client) =>
        Assert.Equal(314159, OwnClient.SizeOfZeros((await client.UnaryAsync(OwnClient.LargeRequest())).Payload));

    public static async Task ConcurrentLargeUnary(OwnClient client) =>
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => LargeUnary(client)));

    public static async Task ClientStreaming(OwnClient client)
    {
        await using var call = await client.Channel.ClientStreamAsync(OwnClient.InputCall, OwnClient.Timed);
        foreach (int size in RequestSizes) await call.WriteAsync(OwnClient.InputRequest(size));
        Assert.Equal(74922, (await call.CompleteAsync()).AggregatedPayloadSize);
    }

    public static async Task ServerStreaming(OwnClient client)
    {
        await using var call = await client.Channel.ServerStreamAsync(OwnClient.OutputCall, OwnClient.OutputRequest(0, ResponseSizes), OwnClient.Timed);
        Assert.Equal(ResponseSizes, await client.SizesAsync(call));
    }

    public static async Task PingPong(OwnClient client)
    {
        await using var call = await client.Channel.DuplexAsync(OwnClient.DuplexCall, OwnClient.Timed);
        foreach ((int request, int response) in RequestSizes.Zip(ResponseSizes))
        {
            await call.WriteAsync(OwnClient.OutputRequest(request, response));
            StreamingOutputCallResponse? answer = await call.ReadAsync();
            Assert.NotNull(answer);
            Assert.Equal(response, OwnClient.SizeOfZeros(answer.Payload));
        }
        call.CompleteRequests();
        Assert.Null(await call.ReadAsync());
    }

    public static async Task EmptyStream(OwnClient client)
    {
        await using var call = await client.Channel.DuplexAsync(OwnClient.DuplexCall, OwnClient.Timed);
        call.CompleteRequests();
        Assert.Null(await call.ReadAsync());
    }

    public static async Task HalfDuplex(OwnClient client)
    {
        await using var call = await client.Channel.DuplexAsync(OwnClient.HalfDuplexCall, OwnClient.Timed);
        foreach (int size in ResponseSizes) await call.WriteAsync(OwnClient.OutputRequest(10, size));
        call.CompleteRequests();
        var sizes = new List<int>();
        while (await call.ReadAsync() is { } response) sizes.Add(OwnClient.SizeOfZeros(response.Payload));
        Assert.Equal(ResponseSizes, sizes);
    }

    /// <summary>32 MB against one paused reader: the server waits for window updates, and nothing may be lost meanwhile.</summary>
    public static async Task SlowReader(OwnClient client)
    {
        int[] sizes = [.. Enumerable.Repeat(200_000, 160)];
        await using var call = await client.Channel.ServerStreamAsync(OwnClient.OutputCall, OwnClient.OutputRequest(0, sizes), OwnClient.Timed);
        Assert.NotNull(await call.ReadAsync());
        await Task.Delay(300, CancellationToken.None);
        Assert.Equal(sizes[1..], await client.SizesAsync(call));
    }

    public static async Task StatusCodeAndMessage(OwnClient client)
    {
        var status = new EchoStatus { Code = 2, Message = StatusMessage };
        RpcException unary = await OwnClient.FailsWithAsync(StatusCode.Unknown, () => client.UnaryAsync(new SimpleRequest { ResponseStatus = status }));
        Assert.Equal(StatusMessage, unary.Message);
        await using var call = await client.Channel.DuplexAsync(OwnClient.DuplexCall, OwnClient.Timed);
        await call.WriteAsync(new StreamingOutputCallRequest { ResponseStatus = status });
        call.CompleteRequests();
        RpcException stream = await OwnClient.FailsWithAsync(StatusCode.Unknown, () => call.ReadAsync().AsTask());
        Assert.Equal(StatusMessage, stream.Message);
        await client.StillAliveAsync("an error status");
    }

    public static async Task SpecialStatusMessageSurvives(OwnClient client)
    {
        var request = new SimpleRequest { ResponseStatus = new EchoStatus { Code = 2, Message = SpecialStatusMessage } };
        Assert.Equal(SpecialStatusMessage, (await OwnClient.FailsWithAsync(StatusCode.Unknown, () => client.UnaryAsync(request))).Message);
    }

    public static async Task EveryStatusCode(OwnClient client)
    {
        foreach (StatusCode code in Enum.GetValues<StatusCode>().Where(each => each != StatusCode.Ok))
        {
            var request = new SimpleRequest { ResponseStatus = new EchoStatus { Code = (int)code, Message = $"100% of {code}" } };
            Assert.Equal($"100% of {code}", (await OwnClient.FailsWithAsync(code, () => client.UnaryAsync(request, OwnClient.Timed with { Retry = RetryPolicy.None }))).Message);
        }
    }

    public static async Task StatusAfterResponses(OwnClient client)
    {
        await using var call = await client.Channel.DuplexAsync(OwnClient.DuplexCall, OwnClient.Timed);
        await call.WriteAsync(OwnClient.OutputRequest(8, ResponseSizes));
        await call.WriteAsync(new StreamingOutputCallRequest { ResponseStatus = new EchoStatus { Code = 10, Message = StatusMessage } });
        foreach (int size in ResponseSizes) Assert.Equal(size, OwnClient.SizeOfZeros((await call.ReadAsync())!.Payload));
        Assert.Equal(StatusMessage, (await OwnClient.FailsWithAsync(StatusCode.Aborted, () => call.ReadAsync().AsTask())).Message);
    }

    public static async Task UnimplementedMethod(OwnClient client)
    {
        await OwnClient.FailsWithAsync(StatusCode.Unimplemented, () => client.Channel.UnaryAsync(OwnClient.UnimplementedCall, new Empty(), OwnClient.Timed));
        await client.StillAliveAsync("an unknown method");
    }

    public static async Task UnimplementedService(OwnClient client)
    {
        await OwnClient.FailsWithAsync(StatusCode.Unimplemented, () => client.Channel.UnaryAsync(OwnClient.UnknownService, new Empty(), OwnClient.Timed));
        await client.StillAliveAsync("an unknown service");
    }

    public static async Task MaxMessageSize(OwnClient client)
    {
        // The payload field and its body each cost a tag of one byte and a length of four.
        SimpleRequest Of(int size) => new() { Payload = new Payload { Body = OwnClient.Zeros(size - 10) } };
        await client.UnaryAsync(Of(ServerLimit));
        await OwnClient.FailsWithAsync(StatusCode.ResourceExhausted, () => client.UnaryAsync(Of(ServerLimit + 1)));
        await client.StillAliveAsync("a request over the server's limit");

        using RpcChannel small = client.OpenAnother(new RpcChannelOptions { MaxReplyBytes = 100_000 });
        await OwnClient.FailsWithAsync(StatusCode.ResourceExhausted, () => small.UnaryAsync(OwnClient.UnaryCall, OwnClient.LargeRequest(), OwnClient.Timed));
        Assert.NotNull(await small.UnaryAsync(OwnClient.EmptyCall, new Empty(), OwnClient.Timed, CancellationToken.None));
    }
}
