using Google.Protobuf;
using Google.Protobuf.Reflection;
using SearchEngine.Rpc.Client;
using Xunit;

namespace SearchEngine.Server.Tests;

/// <summary>The calls of the contract, short to write.</summary>
internal sealed class Api(RpcChannel channel)
{
    public const int Dimension = 4;

    private static readonly ServiceDescriptor Collections = Wire.CollectionsReflection.Descriptor.Services[0];
    private static readonly ServiceDescriptor Points = Wire.PointsReflection.Descriptor.Services[0];

    public static Wire.RequestHeader Header(string collection, string requestId = "") => new() { Collection = collection, RequestId = requestId };

    /// <summary>A vector of four elements and the attributes topic (keyword), year (integer), tags (array of keywords); a text field body.</summary>
    public static Wire.CollectionConfig Config() => new()
    {
        Vectors = { new Wire.VectorSchema { Dimension = Dimension } },
        Attributes =
        {
            new Wire.AttributeSchema { Name = "topic", Type = Wire.AttributeType.Keyword },
            new Wire.AttributeSchema { Name = "year", Type = Wire.AttributeType.Integer },
            new Wire.AttributeSchema { Name = "tags", Type = Wire.AttributeType.Keyword, Multiplicity = Wire.Multiplicity.Array },
            new Wire.AttributeSchema { Name = "note", Type = Wire.AttributeType.Keyword, Index = Wire.AttributeIndex.None },
        },
        Texts = { new Wire.TextSchema { Name = "body" } },
    };

    public static Wire.Point Point(ulong id, string topic = "cats", long year = 2000)
    {
        var point = new Wire.Point { Id = new Wire.Id { Number = id }, Vector = new Wire.Vector() };
        point.Vector.Values.Add([1, id % 7, id % 5, id % 3]);
        point.Attributes["topic"] = new Wire.Value { KeywordValue = topic };
        point.Attributes["year"] = new Wire.Value { IntegerValue = year };
        point.Texts["body"] = $"the text of {id}";
        return point;
    }

    public static Wire.Filter Topic(string topic) => new()
    {
        Must = { new Wire.Condition { EqualTo = new Wire.EqualToCondition { Attribute = "topic", Value = new Wire.Value { KeywordValue = topic } } } },
    };

    public Task<Wire.CreateCollectionReply> CreateAsync(string name, Wire.CollectionConfig? config = null, string requestId = "") =>
        UnaryAsync<Wire.CreateCollectionRequest, Wire.CreateCollectionReply>(
            Collections, "Create", new Wire.CreateCollectionRequest { Header = Header(name, requestId), Config = config ?? Config() });

    public async Task<Wire.CollectionDescription> DescribeAsync(string name) => (await UnaryAsync<Wire.DescribeCollectionRequest, Wire.DescribeCollectionReply>(
        Collections, "Describe", new Wire.DescribeCollectionRequest { Header = Header(name) })).Collection;

    public Task<Wire.UpsertReply> UpsertAsync(string collection, params Wire.Point[] points) => UpsertAsync(collection, static _ => { }, points);

    public Task<Wire.UpsertReply> UpsertAsync(string collection, Action<Wire.UpsertRequest> with, params Wire.Point[] points)
    {
        var request = new Wire.UpsertRequest { Header = Header(collection), Points = { points } };
        with(request);
        return UnaryAsync<Wire.UpsertRequest, Wire.UpsertReply>(Points, "Upsert", request);
    }

    public async Task<ulong> CountAsync(string collection, Wire.Filter? filter = null) =>
        (await PointsAsync<Wire.CountRequest, Wire.CountReply>("Count", new Wire.CountRequest { Header = Header(collection), Filter = filter })).Count;

    public async Task<Wire.Point?> GetAsync(string collection, ulong id) => (await PointsAsync<Wire.GetRequest, Wire.GetReply>("Get", new Wire.GetRequest
    {
        Header = Header(collection),
        Ids = { new Wire.Id { Number = id } },
        Fields = new Wire.ReturnFields { Attributes = { "*" }, Texts = { "*" }, Vectors = { "*" }, Details = { Wire.Detail.Version } },
    })).Points.SingleOrDefault();

    public Task<TReply> PointsAsync<TRequest, TReply>(string method, TRequest request)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply> => UnaryAsync<TRequest, TReply>(Points, method, request);

    public Task<TReply> CollectionsAsync<TRequest, TReply>(string method, TRequest request)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply> => UnaryAsync<TRequest, TReply>(Collections, method, request);

    public async Task<List<TFrame>> CollectionStreamAsync<TRequest, TFrame>(string method, TRequest request)
        where TRequest : class, IMessage<TRequest>
        where TFrame : class, IMessage<TFrame>
    {
        await using ServerStreamCall<TRequest, TFrame> call = await channel.ServerStreamAsync(new RpcMethod<TRequest, TFrame>(Collections, method), request);
        return await call.ReadAllAsync().ToListAsync();
    }

    public ValueTask<ServerStreamCall<Wire.ScrollRequest, Wire.ScrollFrame>> ScrollAsync(Wire.ScrollRequest request) =>
        channel.ServerStreamAsync(new RpcMethod<Wire.ScrollRequest, Wire.ScrollFrame>(Points, "Scroll"), request);

    public async Task<List<Wire.ScrollFrame>> ScrollAllAsync(Wire.ScrollRequest request)
    {
        await using ServerStreamCall<Wire.ScrollRequest, Wire.ScrollFrame> call = await ScrollAsync(request);
        return await call.ReadAllAsync().ToListAsync();
    }

    public ValueTask<DuplexCall<Wire.UploadRequest, Wire.UploadReply>> UploadAsync() =>
        channel.DuplexAsync(new RpcMethod<Wire.UploadRequest, Wire.UploadReply>(Points, "Upload"));

    private Task<TReply> UnaryAsync<TRequest, TReply>(ServiceDescriptor service, string method, TRequest request)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply> =>
        channel.UnaryAsync(new RpcMethod<TRequest, TReply>(service, method), request, cancellation: TestContext.Current.CancellationToken);
}
