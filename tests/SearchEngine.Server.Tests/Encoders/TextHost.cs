using Google.Protobuf;
using Google.Protobuf.Reflection;
using SearchEngine.Rpc.Client;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Server.Tests.Encoders;

/// <summary>A search server connected to fake encoders, with a collection whose vector is made from its text field "body".</summary>
internal sealed class TextHost : IAsyncDisposable
{
    public const string Name = "docs";

    private static readonly ServiceDescriptor Rerank = Wire.RerankReflection.Descriptor.Services[0];
    private static readonly ServiceDescriptor Searching = Wire.SearchReflection.Descriptor.Services[0];

    private readonly TempDirectory _folder;
    private readonly SearchServer _server;

    private readonly FixedCaller _caller;

    private TextHost(TempDirectory folder, SearchServer server, FakeEncoder encoder, FixedCaller caller)
    {
        _caller = caller;
        _folder = folder;
        _server = server;
        Encoder = encoder;
        Channel = new RpcChannel(new Uri($"http://{server.Rpc.EndPoint}"), new RpcChannelOptions { Retry = RetryPolicy.None });
    }

    public FakeEncoder Encoder { get; }

    /// <summary>Whose calls follow; null for everybody's.</summary>
    public Caller? Caller
    {
        set => _caller.Caller = value;
    }

    public RpcChannel Channel { get; }

    public Api Api => new(Channel);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="encoder">Belongs to the host from now on.</param>
    /// <param name="config">Null takes <see cref="Config"/>; the collection is not made where the encoder is not there.</param>
    public static async Task<TextHost> StartAsync(
        FakeEncoder? encoder = null, Wire.CollectionConfig? config = null, IEnumerable<Uri>? addresses = null, TimeProvider? time = null)
    {
        encoder ??= await FakeEncoder.StartAsync();
        var folder = new TempDirectory();
        var caller = new FixedCaller();
        SearchServer server = await SearchServer.StartAsync(
            new SearchServerOptions { DataDirectory = folder.Path, Encoders = [.. addresses ?? [encoder.Address]], Time = time ?? TimeProvider.System },
            new RpcServerOptions { DrainTime = TimeSpan.FromMilliseconds(100), Interceptors = [caller] });
        var host = new TextHost(folder, server, encoder, caller);
        await host.Api.CreateAsync(Name, config ?? Config(encoder.Descriptor));
        // Tests count what their own texts cause, not the canaries of the collection.
        encoder.Encodes.Clear();
        return host;
    }

    public static Wire.CollectionConfig Config(
        Wire.EncoderDescriptor descriptor, Wire.Truncation truncation = Wire.Truncation.Error, uint dimension = FakeEncoder.Dimension) => new()
        {
            Vectors =
            {
                new Wire.VectorSchema
                {
                    Dimension = dimension,
                    Space = new Wire.SpaceBinding { Encoder = descriptor },
                    SourceTextField = "body",
                    SourceTruncation = truncation,
                },
            },
            Attributes = { new Wire.AttributeSchema { Name = "topic", Type = Wire.AttributeType.Keyword } },
            Texts = { new Wire.TextSchema { Name = "body" }, new Wire.TextSchema { Name = "title" } },
        };

    public static Wire.Point Point(ulong id, string body, string topic = "any") => new()
    {
        Id = new Wire.Id { Number = id },
        Texts = { ["body"] = body },
        Attributes = { ["topic"] = new Wire.Value { KeywordValue = topic } },
    };

    public static Wire.SearchRequest Query(string text, uint k = 3) => new()
    {
        Header = Api.Header(Name),
        Query = new Wire.Query { Text = new Wire.TextQuery { Text = text } },
        K = k,
    };

    public Task<Wire.UpsertReply> WriteAsync(params string[] bodies) =>
        Api.UpsertAsync(Name, [.. bodies.Select((body, i) => Point((ulong)i + 1, body))]);

    public Task<Wire.SearchReply> SearchAsync(Wire.SearchRequest request, TimeSpan? timeout = null) =>
        UnaryAsync<Wire.SearchRequest, Wire.SearchReply>(Searching, "Search", request, timeout);

    public Task<Wire.DiagnoseReply> DiagnoseAsync(Wire.DiagnoseRequest request) => UnaryAsync<Wire.DiagnoseRequest, Wire.DiagnoseReply>(Searching, "Diagnose", request);

    public Task<Wire.SearchBatchReply> BatchAsync(Wire.SearchBatchRequest request) =>
        UnaryAsync<Wire.SearchBatchRequest, Wire.SearchBatchReply>(Searching, "SearchBatch", request);

    public Task<List<Wire.SearchFrame>> StreamAsync(Wire.SearchStreamRequest request) =>
        StreamAsync<Wire.SearchStreamRequest, Wire.SearchFrame>(Searching, "SearchStream", request);

    public Task<List<Wire.RetrieveFrame>> RetrieveAsync(Wire.RetrieveRequest request, TimeSpan? timeout = null) =>
        StreamAsync<Wire.RetrieveRequest, Wire.RetrieveFrame>(Searching, "Retrieve", request, timeout);

    public Task<Wire.RerankReply> RerankAsync(Wire.RerankRequest request, TimeSpan? timeout = null) =>
        UnaryAsync<Wire.RerankRequest, Wire.RerankReply>(Rerank, "Rerank", request, timeout);

    public Task<List<Wire.RerankFrame>> RerankStreamAsync(Wire.RerankRequest request) =>
        StreamAsync<Wire.RerankRequest, Wire.RerankFrame>(Rerank, "RerankStream", request);

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _server.DisposeAsync();
        await Encoder.DisposeAsync();
        _folder.Dispose();
    }

    private Task<TReply> UnaryAsync<TRequest, TReply>(ServiceDescriptor service, string method, TRequest request, TimeSpan? timeout = null)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply> =>
        Channel.UnaryAsync(new RpcMethod<TRequest, TReply>(service, method), request, new CallOptions { Timeout = timeout }, Stop);

    private async Task<List<TFrame>> StreamAsync<TRequest, TFrame>(ServiceDescriptor service, string method, TRequest request, TimeSpan? timeout = null)
        where TRequest : class, IMessage<TRequest>
        where TFrame : class, IMessage<TFrame>
    {
        await using ServerStreamCall<TRequest, TFrame> call = await Channel.ServerStreamAsync(
            new RpcMethod<TRequest, TFrame>(service, method), request, new CallOptions { Timeout = timeout }, Stop);
        return await call.ReadAllAsync(Stop).ToListAsync(Stop);
    }

    private sealed class FixedCaller : IInterceptor
    {
        public Caller? Caller { get; set; }

        public ValueTask InvokeAsync(ServerCall call, CallDelegate next)
        {
            call.Principal = Caller ?? call.Principal;
            return next(call);
        }
    }
}
