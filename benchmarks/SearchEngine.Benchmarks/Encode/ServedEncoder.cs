using SearchEngine.Encoder;
using SearchEngine.Rpc.Client;
using SearchEngine.Rpc.Server;
using Wire = SearchEngine.Protocol.V1;

namespace SearchEngine.Benchmarks.Encode;

/// <summary>The encoder service on a loopback port of this process, and calls to it.</summary>
internal sealed class ServedEncoder : IAsyncDisposable
{
    private static readonly RpcMethod<Wire.EncodeRequest, Wire.EncodeReply> Encode = new(Wire.EncoderReflection.Descriptor.Services[0], "Encode");
    private static readonly RpcMethod<Wire.ScoreRequest, Wire.ScoreReply> Score = new(Wire.EncoderReflection.Descriptor.Services[0], "Score");
    private static readonly RpcMethod<Wire.EncodeStreamRequest, Wire.EncodeStreamReply> Stream =
        new(Wire.EncoderReflection.Descriptor.Services[0], "EncodeStream");

    private readonly EncoderServer _server;
    private readonly RpcChannel _channel;

    private ServedEncoder(EncoderServer server)
    {
        _server = server;
        _channel = new RpcChannel(new Uri($"http://{server.Rpc.EndPoint}"));
    }

    public static async Task<ServedEncoder> StartAsync(string folder, int executors)
    {
        var server = await EncoderServer.StartAsync(
            new EncoderServerOptions { Models = [folder], Executors = executors }, new RpcServerOptions { DrainTime = TimeSpan.FromSeconds(1) });
        await server.Ready;
        return new ServedEncoder(server);
    }

    public Task<Wire.EncodeReply> QueryAsync(string text, CancellationToken cancel)
    {
        var request = new Wire.EncodeRequest { Options = new Wire.EncodeOptions { Side = Wire.Side.Query } };
        request.Texts.Add(text);
        return _channel.UnaryAsync(Encode, request, cancellation: cancel);
    }

    public Task<Wire.ScoreReply> ScoreAsync(string query, IEnumerable<string> documents, CancellationToken cancel)
    {
        var request = new Wire.ScoreRequest { Query = query };
        request.Documents.Add(documents);
        return _channel.UnaryAsync(Score, request, cancellation: cancel);
    }

    /// <summary>Streams texts in the bulk lane, never more than so many unanswered, until there are no more.</summary>
    public async Task<Wire.EncodeSummary> StreamAsync(IEnumerable<string> texts, int window, CancellationToken cancel)
    {
        await using var call = await _channel.DuplexAsync(Stream, cancellation: cancel);
        await call.WriteAsync(new Wire.EncodeStreamRequest
        {
            Header = new Wire.EncodeStreamHeader { Options = new Wire.EncodeOptions { Side = Wire.Side.Document } },
        });
        await call.ReadAsync();
        using var rest = texts.GetEnumerator();
        var (open, sent, ended) = (0, 0UL, false);
        while (true)
        {
            var frame = new Wire.EncodeStreamItems { FirstSequence = sent };
            while (!ended && open + frame.Texts.Count < window && !(ended = !rest.MoveNext()))
                frame.Texts.Add(rest.Current);
            if (frame.Texts.Count > 0)
                await call.WriteAsync(new Wire.EncodeStreamRequest { Items = frame });
            (open, sent) = (open + frame.Texts.Count, sent + (ulong)frame.Texts.Count);
            if (ended)
                call.CompleteRequests();
            var reply = await call.ReadAsync() ?? throw new InvalidOperationException("The stream ended without a summary.");
            open -= reply.Items?.Items.Count ?? 0;
            if (reply.Summary is { } summary)
                return summary;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _server.DisposeAsync();
    }
}
