using System.Net;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;
using SearchEngine.Rpc.Tests.Probe;
using SearchEngine.Rpc.Tests.Robustness.Raw;
using Xunit;

namespace SearchEngine.Rpc.Tests.Robustness;

/// <summary>How replies leave Kestrel: which frames, when, and what a peer that is no gRPC client gets.</summary>
public sealed class KestrelReplyTests
{
    private static readonly byte[] SmallRequest = GrpcBytes.Frame(new ProbeRequest { Load = new Load { Name = "small" } });

    [Fact]
    public async Task An_error_before_the_first_reply_is_one_headers_frame()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        RawStream stream = await connection.CallAsync(ProbePaths.Echo, Request(new Script { Behaviour = Behaviour.Fail, Status = 5, Message = "gone" }));
        await Guard.WaitAsync(stream.Ended, "the trailers-only reply");
        Assert.Equal(5, stream.GrpcStatus);
        Assert.Equal([FrameKind.Headers], stream.Frames);
    }

    [Fact]
    public async Task A_unary_reply_is_headers_then_message_then_trailers_with_no_empty_frame_between()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        RawStream stream = await connection.CallAsync(ProbePaths.Echo, SmallRequest);
        await Guard.WaitAsync(stream.Ended, "the unary reply");
        Assert.Equal(0, stream.GrpcStatus);
        Assert.Equal([FrameKind.Headers, FrameKind.Data, FrameKind.Headers], stream.Frames);
    }

    [Fact]
    public async Task SendHeaders_puts_headers_on_the_wire_before_any_message()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        RawStream stream = await connection.CallAsync(ProbePaths.Chat);
        await connection.SendAsync(Http2Frame.Data(stream.Id, Request(new Script { HeadersFirst = true, Behaviour = Behaviour.Ignore })));
        await Guard.WaitAsync(stream.HeadersArrived, "headers of a call whose handler has not replied: StartAsync alone keeps them back");
        Assert.Equal([FrameKind.Headers], stream.Frames);
        server.Handlers.OpenGate();
        await connection.SendAsync(Http2Frame.Data(stream.Id, [], Http2Frame.EndStream));
        await Guard.WaitAsync(stream.Ended, "the end of the call");
        Assert.Equal(0, stream.GrpcStatus);
    }

    [Fact]
    public async Task A_late_error_keeps_the_messages_and_comes_in_the_trailers()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        RawStream stream = await connection.CallAsync(ProbePaths.Count,
            Request(new Script { Behaviour = Behaviour.FailLate, Status = 15, Message = "später", Count = 3, ReplyBytes = 10 }));
        await Guard.WaitAsync(stream.Ended, "the late error");
        Assert.Equal(15, stream.GrpcStatus);
        Assert.Equal("sp%C3%A4ter", stream.GrpcMessage);
        Assert.Equal(3, GrpcBytes.Split(stream.Data())!.Count);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("あ")]
    [InlineData("😀")]
    [InlineData("%")]
    public async Task A_long_message_stays_within_the_header_limit_of_clients_and_keeps_its_reason(string character)
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        string message = string.Concat(Enumerable.Repeat(character, 20_000));
        RawStream stream = await connection.CallAsync(ProbePaths.Echo, Request(new Script { Behaviour = Behaviour.Fail, Status = 3, Message = message }));
        await Guard.WaitAsync(stream.Ended, "the reply with a long message");
        Assert.Equal(3, stream.GrpcStatus);
        int size = stream.HeaderBlocks[^1].Sum(header => header.Name.Length + header.Value.Length + 32);
        Assert.True(size <= 8 * 1024, $"The status takes {size} bytes of headers; clients refuse more than 8 KiB.");
        Assert.DoesNotContain("%EF%BF%BD", stream.GrpcMessage, StringComparison.Ordinal);
        Assert.StartsWith(message[..20], Uri.UnescapeDataString(stream.GrpcMessage!), StringComparison.Ordinal);
        string details = stream.HeaderBlocks[^1].Single(header => header.Name == "grpc-status-details-bin").Value;
        byte[] rich = Convert.FromBase64String(details + new string('=', (4 - details.Length % 4) % 4));
        Assert.Equal("PROBE", Google.Rpc.Status.Parser.ParseFrom(rich).Details[0].Unpack<Google.Rpc.ErrorInfo>().Reason);
    }

    [Fact]
    public async Task An_http1_request_on_the_port_gets_an_answer_and_harms_nobody()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Port, TestContext.Current.CancellationToken);
        NetworkStream network = client.GetStream();
        await network.WriteAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(network, Encoding.ASCII);
        string answer = await Guard.WaitAsync(reader.ReadToEndAsync(TestContext.Current.CancellationToken), "the answer to HTTP/1.1");
        Assert.Contains("HTTP/1.1 400", answer, StringComparison.Ordinal);
        await HealthyCalls.AssertServesAsync(server);
    }

    [Theory]
    [InlineData("GET", "application/grpc", "405")]
    [InlineData("POST", "application/json", "415")]
    [InlineData("POST", "application/grpc-web", "415")]
    [InlineData("POST", "application/grpcish", "415")]
    [InlineData("POST", "application/grpc+proto", "200")]
    [InlineData("POST", "application/grpc;charset=utf-8", "200")]
    public async Task What_is_no_grpc_request_is_told_so_in_http(string method, string contentType, string status)
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        RawStream stream = connection.NewStream();
        await connection.SendAsync(
            Http2Frame.Headers(stream.Id, HeaderBlock.Write(
                [(":method", method), (":scheme", "http"), (":path", ProbePaths.Echo), (":authority", "x"), ("content-type", contentType), ("te", "trailers")])),
            Http2Frame.Data(stream.Id, SmallRequest, Http2Frame.EndStream));
        await Guard.WaitAsync(stream.Ended, "an HTTP status");
        Assert.Equal(status, stream.HttpStatus);
    }

    [Theory]
    [InlineData("/searchengine.rpc.probe.Probe/Unserved")]
    [InlineData("/searchengine.rpc.probe.Probe/Nothing")]
    [InlineData("/nobody.Here/Nothing")]
    [InlineData("/")]
    [InlineData("/a/b/c")]
    [InlineData("//")]
    public async Task What_is_not_served_is_unimplemented(string path)
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(server.Port);
        RawStream stream = await connection.CallAsync(path, SmallRequest);
        await Guard.WaitAsync(stream.Ended, "UNIMPLEMENTED");
        Assert.Equal(12, stream.GrpcStatus);
        await HealthyCalls.AssertServesAsync(server);
    }

    internal static byte[] Request(Script script, int vectorBytes = 0) => GrpcBytes.Frame(
        new ProbeRequest { Script = script, Load = new Load { Vector = ByteString.CopyFrom(new byte[vectorBytes]) } });
}
