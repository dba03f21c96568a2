using SearchEngine.Collections;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Writes;
using SearchEngine.Rpc.Client;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Search;
using SearchEngine.Server.Search.Admission;
using SearchEngine.Server.Tests.Search.Admission;
using SearchEngine.Testing;

namespace SearchEngine.Server.Tests.Search;

/// <summary>A server that serves searches over a collection of clustered points with attributes, and a channel to it.</summary>
internal sealed class SearchHost : IAsyncDisposable
{
    public const string Name = "docs";
    public const int Dimension = 64;

    public static readonly RpcMethod<Wire.SearchRequest, Wire.SearchReply> Search = new(Service, "Search");
    public static readonly RpcMethod<Wire.SearchStreamRequest, Wire.SearchFrame> Stream = new(Service, "SearchStream");
    public static readonly RpcMethod<Wire.SearchBatchRequest, Wire.SearchBatchReply> Batch = new(Service, "SearchBatch");
    public static readonly RpcMethod<Wire.PipelineRequest, Wire.PipelineReply> Pipeline = new(Service, "SearchPipeline");
    public static readonly RpcMethod<Wire.ExplainRequest, Wire.ExplainReply> Explain = new(Service, "Explain");

    private readonly TempDirectory _directory = new();
    private readonly CollectionStore _store;
    private readonly RpcServer _server;

    private SearchHost(TempDirectory directory, CollectionStore store, RpcServer server, Collection collection)
    {
        _directory = directory;
        _store = store;
        _server = server;
        Collection = collection;
        Channel = new RpcChannel(new Uri($"http://{server.EndPoint}"));
    }

    public Collection Collection { get; }

    public RpcChannel Channel { get; }

    private static Google.Protobuf.Reflection.ServiceDescriptor Service => Wire.SearchReflection.Descriptor.Services[0];

    /// <param name="points">Ids 1 to this.</param>
    /// <param name="seed">Of the points.</param>
    /// <param name="flushEvery">Points per segment; 0 leaves all live.</param>
    /// <param name="desk">Null takes the defaults.</param>
    public static async Task<SearchHost> StartAsync(int points, int seed = 1, int flushEvery = 0, AdmissionDesk? desk = null, Caller? caller = null)
    {
        var directory = new TempDirectory();
        ServerState state = ServerState.Open(new SearchServerOptions { DataDirectory = directory.Path });
        CollectionStore store = state.Store;
        Collection collection = store.Create(Name, Schema);
        for (int first = 1; first <= points; first += 1_000)
        {
            WriteOperation[] batch =
                [.. Enumerable.Range(first, Math.Min(1_000, points - first + 1)).Select(id => new WriteOperation.Put(Point(id, seed)))];
            await collection.WriteAsync(batch);
            if (flushEvery > 0 && (first + 999) % flushEvery == 0)
            {
                await collection.FlushAsync();
            }
        }
        desk ??= DeskEntry.Patient(Environment.ProcessorCount);
        var service = new SearchService(state, new SearchRunner(desk, new CostModel(), TimeProvider.System));
        // Without a scope its calls would be counted by the metrics of servers in other tests.
        var options = new RpcServerOptions { Interceptors = caller is null ? [] : [new CallerInterceptor(caller)], MeterScope = new object() };
        RpcServer server = await RpcServer.StartAsync(options, [RpcService.Bind(Service, service)]);
        return new SearchHost(directory, store, server, collection);
    }

    public static CollectionSchema Schema { get; } = new()
    {
        Vectors = [new VectorSchema { Dimension = Dimension, PrefixDimensions = [32] }],
        Attributes =
        [
            new AttributeSchema { Name = "topic", Type = AttributeType.Keyword },
            new AttributeSchema { Name = "year", Type = AttributeType.Integer },
        ],
        Texts = [new TextSchema { Name = "body", Index = TextIndex.Bm25 }, new TextSchema { Name = "note" }],
    };

    /// <summary>The schema as a caller declares it.</summary>
    public static Wire.CollectionConfig Config => new()
    {
        Vectors = { new Wire.VectorSchema { Dimension = Dimension, AllowedDimensions = { 32 } } },
        Attributes =
        {
            new Wire.AttributeSchema { Name = "topic", Type = Wire.AttributeType.Keyword },
            new Wire.AttributeSchema { Name = "year", Type = Wire.AttributeType.Integer },
        },
        Texts = { new Wire.TextSchema { Name = "body" }, new Wire.TextSchema { Name = "note", Index = Wire.TextIndex.None } },
    };

    /// <summary>A point as a caller writes it.</summary>
    public static Wire.Point WirePoint(int id, int seed)
    {
        Document point = Point(id, seed);
        return new Wire.Point
        {
            Id = new Wire.Id { Number = point.Id.Number },
            Vector = Vector(point.Vectors[VectorSchema.DefaultName].ToArray()),
            Attributes =
            {
                ["topic"] = new Wire.Value { KeywordValue = point.Attributes["topic"].Keyword },
                ["year"] = new Wire.Value { IntegerValue = point.Attributes["year"].Integer },
            },
            Texts = { ["body"] = point.Texts["body"] },
        };
    }

    public static Document Point(int id, int seed)
    {
        var random = new Random(seed * 1_000_003 + id);
        return new Document
        {
            Id = new DocumentId((ulong)id),
            Vectors = new Dictionary<string, ReadOnlyMemory<float>> { [VectorSchema.DefaultName] = Values(random) },
            Attributes = new Dictionary<string, AttributeValue>
            {
                ["topic"] = AttributeValue.OfKeyword($"t{id % 5}"),
                ["year"] = AttributeValue.OfInteger(1900 + id % 120),
            },
            Texts = new Dictionary<string, string> { ["body"] = $"text of {id}: {new string('x', 200)} {Words(random, 12)}" },
        };
    }

    public static float[] Values(Random random)
    {
        int cluster = random.Next(8);
        var values = new float[Dimension];
        for (int i = 0; i < Dimension; i++)
        {
            values[i] = (i % 8 == cluster ? 1.5f : 0f) + (float)(random.NextDouble() - 0.5);
        }
        return values;
    }

    /// <summary>Words of a small vocabulary, the first ones often and the last ones seldom.</summary>
    public static string Words(Random random, int count) =>
        string.Join(' ', Enumerable.Range(0, count).Select(_ => $"w{(int)(60 * Math.Pow(random.NextDouble(), 3))}"));

    public static Wire.Query Lexical(string words) => new() { Lexical = new Wire.LexicalQuery { Text = words } };

    public static Wire.SearchRequest Request(Wire.Query query, uint k = 10) => new()
    {
        Header = new Wire.RequestHeader { Collection = Name },
        Query = query,
        K = k,
    };

    public static Wire.Vector Vector(float[] values) => new()
    {
        Data = Google.Protobuf.ByteString.CopyFrom(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan())),
    };

    public static Wire.SearchRequest Request(float[] values, uint k = 10) => new()
    {
        Header = new Wire.RequestHeader { Collection = Name },
        Query = new Wire.Query { Vector = Vector(values) },
        K = k,
    };

    public static Wire.Filter Topic(string topic) => new()
    {
        Must = { new Wire.Condition { EqualTo = new Wire.EqualToCondition { Attribute = "topic", Value = new Wire.Value { KeywordValue = topic } } } },
    };

    public Task<Wire.SearchReply> SearchAsync(Wire.SearchRequest request) =>
        Channel.UnaryAsync(Search, request, cancellation: Xunit.TestContext.Current.CancellationToken);

    /// <summary>Null where the point that the query names does not exist.</summary>
    public async Task<Wire.SearchReply?> TrySearchAsync(Wire.SearchRequest request)
    {
        try
        {
            return await SearchAsync(request);
        }
        catch (Rpc.RpcException refused) when (refused.Reason == "POINT_UNKNOWN")
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _server.DisposeAsync();
        _store.Dispose();
        _directory.Dispose();
    }

    private sealed class CallerInterceptor(Caller caller) : IInterceptor
    {
        public ValueTask InvokeAsync(ServerCall call, CallDelegate next)
        {
            call.Principal = caller;
            return next(call);
        }
    }
}
