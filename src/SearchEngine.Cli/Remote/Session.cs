using Google.Protobuf;
using SearchEngine.Rpc.Client;

namespace SearchEngine.Cli.Remote;

/// <summary>One command's connection to its server, and where its results go.</summary>
internal sealed class Session(Uri address, RpcChannelOptions options, TimeSpan timeout, OutputForm form) : IDisposable
{
    // Proto JSON: names as protoc's JSON mapping has them, defaults left out, so that any protobuf library reads it back.
    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default);

    public Uri Address { get; } = address;

    public OutputForm Form { get; } = form;

    public RpcChannel Channel { get; } = new(address, options);

    /// <summary>Of calls that answer once.</summary>
    public CallOptions Timed { get; } = new() { Timeout = timeout };

    public static Wire.RequestHeader Header(string collection) => new() { Collection = collection };

    /// <summary>The JSON of a message, in one line.</summary>
    public static string JsonOf(IMessage message) => Json.Format(message);

    public Task<TReply> CallAsync<TRequest, TReply>(RpcMethod<TRequest, TReply> method, TRequest request, CancellationToken cancel)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply> => Channel.UnaryAsync(method, request, Timed, cancel);

    /// <summary>Reads a stream to its end, each frame as it comes.</summary>
    public async Task ReadAsync<TRequest, TReply>(
        RpcMethod<TRequest, TReply> method, TRequest request, CallOptions call, Action<TReply> frame, CancellationToken cancel)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        await using ServerStreamCall<TRequest, TReply> stream = await Channel.ServerStreamAsync(method, request, call, cancel).ConfigureAwait(false);
        while (await stream.ReadAsync().ConfigureAwait(false) is { } next)
        {
            frame(next);
        }
    }

    /// <summary>The result: as JSON if a program reads it, else as the command shows it to people.</summary>
    public void Show<TReply>(TReply reply, Action<TReply> text)
        where TReply : IMessage
    {
        if (Form == OutputForm.Json)
        {
            Console.Out.WriteLine(JsonOf(reply));
        }
        else
        {
            text(reply);
        }
    }

    public void Dispose() => Channel.Dispose();
}
