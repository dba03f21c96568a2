using SearchEngine.Rpc.Tests.Robustness.Raw;

namespace SearchEngine.Rpc.Tests.Robustness.Fuzz;

/// <summary>The headers of one call, more or less broken.</summary>
internal sealed class HeaderCase
{
    private static readonly string[] Names =
    [
        ":method", ":path", ":scheme", ":authority", ":status", ":protocol", "content-type", "te", "grpc-timeout", "grpc-encoding",
        "grpc-accept-encoding", "content-length", "connection", "transfer-encoding", "host", "cookie", "expect", "user-agent", "x", "x-bin",
        "X-Upper", "", " ", "x y", "grpc-status", "traceparent", "tracestate", "grpc-trace-bin", "upgrade", "x\0", "\u00fc",
    ];

    private static readonly string[] Values =
    [
        "", " ", "POST", "GET", "CONNECT", "OPTIONS", "/", "*", "//", "/a", "http", "https", "ftp", "localhost", "trailers", "gzip", "identity",
        "identity,gzip", "deflate,br", "application/grpc", "application/grpc+proto", "application/grpc-web", "text/plain", "1S", "0n", "-1S", "1",
        "99999999H", "999999999S", "1x", "S", "1e3m", "5", "5, 6", "-5", "0", "99999999999999999999", "chunked", "100-continue", "websocket", "AAAA", "AAA", "A", "!!!!",
        "AAAA,,AA==", "\u0001", "\u00ff\u00fe", "a\r\nb", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "%", "%00", "%2e%2e", "%ff",
    ];

    private readonly Random _random;
    private readonly byte[] _block;

    public HeaderCase(int seed)
    {
        _random = new Random(seed);
        List<(string Name, string Value)> headers = HeaderBlock.Call(ProbePaths.Echo);
        for (int i = _random.Next(1, 4); i > 0; i--) Step(headers);
        _block = HeaderBlock.Write(headers);
        if (_random.Next(10) == 0) _block = ByteMutation.Apply(_random, _block);
    }

    /// <summary>HEADERS and, cut anywhere, CONTINUATION; sometimes padded or with a priority.</summary>
    public IEnumerable<Http2Frame> HeaderFrames(int stream)
    {
        var parts = new List<byte[]>();
        for (int at = 0; at < _block.Length;)
        {
            int most = Math.Min(_block.Length - at, Http2Frame.MaxPayload - 64);
            int length = _random.Next(4) == 0 ? _random.Next(1, most + 1) : most;
            parts.Add(_block[at..(at + length)]);
            at += length;
        }
        if (parts.Count == 0) parts.Add([]);
        for (int i = 0; i < parts.Count; i++)
        {
            byte end = i == parts.Count - 1 ? Http2Frame.EndHeaders : (byte)0;
            if (i > 0) yield return new Http2Frame(FrameKind.Continuation, end, stream, parts[i]);
            else if (_random.Next(10) == 0) yield return new Http2Frame(FrameKind.Headers, (byte)(end | Http2Frame.Padded), stream, [2, .. parts[0], 0, 0]);
            else if (_random.Next(10) == 0) yield return new Http2Frame(FrameKind.Headers, (byte)(end | Http2Frame.WithPriority), stream, [0, 0, 0, 0, 16, .. parts[0]]);
            else yield return Http2Frame.Headers(stream, parts[0], end);
        }
    }

    private void Step(List<(string Name, string Value)> headers)
    {
        int at = _random.Next(headers.Count);
        string name = Names[_random.Next(Names.Length)];
        string value = _random.Next(20) == 0 ? new string('v', _random.Next(300_000)) : Values[_random.Next(Values.Length)];
        switch (_random.Next(8))
        {
            case 0:
                headers.RemoveAt(at);
                break;
            case 1:
                headers[at] = (headers[at].Name, value);
                break;
            case 2:
                headers[at] = (name, headers[at].Value);
                break;
            case 3:
                headers.Insert(at, headers[at]);
                break;
            case 4:
                (headers[at], headers[0]) = (headers[0], headers[at]);
                break;
            case 5 when _random.Next(8) == 0:
                for (int i = _random.Next(2_000); i > 0; i--) headers.Add(($"n{i}", "v"));
                break;
            default:
                headers.Add((name, value));
                break;
        }
        if (headers.Count == 0) headers.Add((name, value));
    }
}
