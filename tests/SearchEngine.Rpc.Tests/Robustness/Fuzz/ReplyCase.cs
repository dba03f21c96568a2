using SearchEngine.Rpc.Tests.Probe;
using SearchEngine.Rpc.Tests.Robustness.Raw;

namespace SearchEngine.Rpc.Tests.Robustness.Fuzz;

/// <summary>What a server that is broken or means harm answers a call with.</summary>
internal sealed class ReplyCase(int seed)
{
    private static readonly string[] Names =
        ["grpc-status", "grpc-message", "grpc-status-details-bin", "grpc-encoding", "content-type", ":status", "x-bin", "x", "content-length", "grpc-retry-pushback-ms"];

    private static readonly string[] Values =
        ["0", "1", "14", "17", "-1", "99999999999", "", "abc", "%", "%ff%fe", "%E3%81", "gzip", "deflate", "text/html", "application/grpc", "200", "503", "100", "!!!", "AAAA", "AA,==", "CAM"];

    private readonly Random _random = new(seed);

    /// <summary>Null hangs up.</summary>
    public byte[]? Answer(int stream)
    {
        if (_random.Next(40) == 0) return null;
        List<(string Name, string Value)> headers = [(":status", "200"), ("content-type", "application/grpc")];
        List<(string Name, string Value)> trailers = [("grpc-status", _random.Next(3) == 0 ? "13" : "0"), ("grpc-message", "fuzz")];
        byte[] body = GrpcBytes.Frame(new ProbeReply { Number = seed, Load = new Load { Name = "reply" } });
        if (_random.Next(4) == 0) body = GrpcBytes.Frame(body, (byte)_random.Next(3), _random.Next(3) == 0 ? uint.MaxValue : (uint)_random.Next(100));
        if (_random.Next(4) == 0) body = ByteMutation.Apply(_random, body);
        if (_random.Next(3) == 0) Break(headers);
        if (_random.Next(3) == 0) Break(trailers);
        var frames = new List<Http2Frame> { Http2Frame.Headers(stream, HeaderBlock.Write(headers)) };
        for (int i = _random.Next(5) == 0 ? _random.Next(3) : 1; i > 0; i--) frames.Add(Http2Frame.Data(stream, body));
        frames.Add(Http2Frame.Headers(stream, HeaderBlock.Write(trailers), Http2Frame.EndHeaders | Http2Frame.EndStream));
        if (_random.Next(6) == 0) frames[_random.Next(frames.Count)] = Http2Frame.Reset(stream, (uint)_random.Next(16));
        if (_random.Next(8) == 0) frames.RemoveAt(_random.Next(frames.Count));
        if (_random.Next(20) == 0) frames.Insert(0, new Http2Frame(FrameKind.GoAway, 0, 0, new byte[8]));
        byte[] bytes = [.. frames.SelectMany(frame => frame.ToBytes())];
        return _random.Next(8) == 0 ? ByteMutation.Apply(_random, bytes) : bytes;
    }

    private void Break(List<(string Name, string Value)> headers)
    {
        (string, string) entry = (Names[_random.Next(Names.Length)], Values[_random.Next(Values.Length)]);
        int at = _random.Next(headers.Count + 1);
        if (at == headers.Count) headers.Add(entry);
        else if (_random.Next(3) == 0) headers.RemoveAt(at);
        else headers[at] = entry;
    }
}
