using System.Globalization;
using SearchEngine.Protocol.V1;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;

namespace SearchTour;

/// <summary>The steps: each checks what it did and says it in one line.</summary>
internal sealed class Tour(RpcChannel channel)
{
    private const int Hits = 10;

    /// <summary>Calls have a size limit; uploads of any size stream, as the Python tour shows.</summary>
    private const int FramePoints = 500;

    /// <summary>Vectors are stored as float16.</summary>
    private const double Rounding = 2e-3;

    /// <summary>Who made the vectors; the server refuses those that come from elsewhere.</summary>
    private const string Space = "tour/films@16";

    private static readonly RequestHeader Header = new() { Collection = "films-csharp" };
    private static readonly VectorOrigin Document = new() { Space = Space, Side = Side.Document };
    private static readonly VectorOrigin Query = new() { Space = Space, Side = Side.Query };

    /// <summary>Every call has a deadline: a server that hangs is a failed step, not a hung tour.</summary>
    private static readonly CallOptions Options = new() { Timeout = TimeSpan.FromSeconds(30) };

    private static readonly RpcMethod<CreateCollectionRequest, CreateCollectionReply> Create = new(CollectionsReflection.Descriptor.Services[0], "Create");
    private static readonly RpcMethod<DeleteCollectionRequest, DeleteCollectionReply> Delete = new(CollectionsReflection.Descriptor.Services[0], "Delete");
    private static readonly RpcMethod<UpsertRequest, UpsertReply> Upsert = new(PointsReflection.Descriptor.Services[0], "Upsert");
    private static readonly RpcMethod<SearchRequest, SearchReply> Search = new(SearchReflection.Descriptor.Services[0], "Search");
    private static readonly RpcMethod<SearchStreamRequest, SearchFrame> Stream = new(SearchReflection.Descriptor.Services[0], "SearchStream");

    private readonly Random _random = new(20_000);

    public IEnumerable<(string Name, Func<Task<string>> Run)> Steps =>
    [
        ("create", CreateAsync),
        ("upsert", UpsertAsync),
        ("refuse_the_wrong_side", RefuseTheWrongSideAsync),
        ("search", SearchAsync),
        ("search_stream", SearchStreamAsync),
        ("search_with_filter", SearchWithFilterAsync),
        ("clean_up", CleanUpAsync),
    ];

    private async Task<string> CreateAsync()
    {
        var config = new CollectionConfig
        {
            Vectors = { new VectorSchema { Dimension = Film.Dimension, Space = new SpaceBinding { Declared = Space, Sidedness = Sidedness.Asymmetric } } },
            Attributes =
            {
                new AttributeSchema { Name = "genre", Type = AttributeType.Keyword },
                new AttributeSchema { Name = "year", Type = AttributeType.Integer },
            },
            Texts = { new TextSchema { Name = "title" } },
        };
        CreateCollectionReply reply = await channel.UnaryAsync(Create, new CreateCollectionRequest { Header = Header, Config = config }, Options);
        Check(reply.Collection.State == CollectionState.Ready, "the collection is not ready");
        return $"{reply.Collection.Name} in space {Space}";
    }

    private async Task<string> UpsertAsync()
    {
        uint written = 0;
        foreach (Film[] films in Film.All.Chunk(FramePoints))
        {
            var request = new UpsertRequest { Header = Header, Origin = Document, Points = { films.Select(static f => f.ToPoint()) } };
            written += (await channel.UnaryAsync(Upsert, request, Options)).Written;
        }
        Check(written == Film.All.Length, $"{written} points were written");
        return $"{written} points, acknowledged when they were safe";
    }

    private async Task<string> RefuseTheWrongSideAsync()
    {
        var request = new UpsertRequest { Header = Header, Origin = Query, Points = { Film.All[0].ToPoint() } };
        try
        {
            await channel.UnaryAsync(Upsert, request, Options);
        }
        catch (RpcException refusal)
        {
            Check(refusal is { Code: StatusCode.FailedPrecondition, Reason: "SIDE_MISMATCH" }, $"{refusal.Code} {refusal.Reason}");
            Check(refusal.Facts["field"] == "origin.side" && refusal.Facts["expected"] == "DOCUMENT", refusal.Message);
            return $"{refusal.Reason}: {refusal.Facts["fix"]}";
        }
        throw new InvalidOperationException("a query vector was taken as a document");
    }

    private async Task<string> SearchAsync()
    {
        float[] query = Film.Numbers(_random);
        SearchReply reply = await FindAsync(Request(query));
        Same(reply, Film.Nearest(query, Hits, static _ => true));
        Check(reply.Complete && reply.Recall.Basis == RecallBasis.Exact, "an exact search is complete");
        Check(reply.Fingerprint.Space == Space, $"the hits are of space {reply.Fingerprint.Space}");
        return string.Create(CultureInfo.InvariantCulture, $"{reply.Hits[0].Point.Texts["title"]} at {reply.Hits[0].Score:F3}");
    }

    private async Task<string> SearchStreamAsync()
    {
        SearchRequest request = Request(Film.Numbers(_random));
        await using ServerStreamCall<SearchStreamRequest, SearchFrame> frames =
            await channel.ServerStreamAsync(Stream, new SearchStreamRequest { Search = request }, Options);
        int revisions = 0;
        Hit[] proved = [];
        SearchReply? reply = null;
        await foreach (SearchFrame frame in frames.ReadAllAsync())
        {
            if (frame.FrameCase == SearchFrame.FrameOneofCase.Reply) reply = frame.Reply;
            if (frame.FrameCase != SearchFrame.FrameOneofCase.Result) continue;
            revisions++;
            if (frame.Result.FinalBasis == FinalBasis.Proved) proved = [.. frame.Result.Whole.Hits.Take((int)frame.Result.FinalPrefix)];
        }
        Check(reply is not null && reply.Hits.Equals((await FindAsync(request)).Hits), "the closing frame differs from the unary reply");
        Check(proved.Select(static h => h.Id).SequenceEqual(reply!.Hits.Take(proved.Length).Select(static h => h.Id)), "a proved prefix changed");
        return $"{revisions} revisions, the last {proved.Length} hits proved before the end";
    }

    private async Task<string> SearchWithFilterAsync()
    {
        float[] query = Film.Numbers(_random);
        SearchRequest request = Request(query);
        request.Filter = new Filter
        {
            Must = { new Condition { EqualTo = new EqualToCondition { Attribute = "genre", Value = new Value { KeywordValue = "crime" } } } },
            MustNot = { new Condition { Range = new RangeCondition { Attribute = "year", AtLeast = new Value { IntegerValue = 1960 } } } },
        };
        SearchReply reply = await FindAsync(request);
        Same(reply, Film.Nearest(query, Hits, static film => film is { Genre: "crime", Year: < 1960 }));
        return $"{reply.Hits.Count} of {reply.Plan.MatchCount} that match, by {reply.Plan.Strategy}";
    }

    private async Task<string> CleanUpAsync()
    {
        await channel.UnaryAsync(Delete, new DeleteCollectionRequest { Header = Header }, Options);
        return "nothing is left";
    }

    private static SearchRequest Request(float[] values) => new()
    {
        Header = Header,
        K = Hits,
        Query = new Query { Vector = Film.ToVector(values), Origin = Query },
        Accuracy = new Accuracy { Exact = new Exact() },
        Fields = new ReturnFields { Texts = { "title" } },
    };

    private Task<SearchReply> FindAsync(SearchRequest request) => channel.UnaryAsync(Search, request, Options);

    private static void Same(SearchReply reply, (double Score, Film Film)[] expected)
    {
        Check(reply.Hits.Count == expected.Length, $"{reply.Hits.Count} hits instead of {expected.Length}");
        foreach ((Hit hit, (double score, Film film)) in reply.Hits.Zip(expected))
        {
            Check(Math.Abs(hit.Score - score) < Rounding, string.Create(
                CultureInfo.InvariantCulture, $"film {film.Number} scores {score}, the hit in its place {hit.Score}"));
        }
    }

    private static void Check(bool condition, string what)
    {
        if (!condition) throw new InvalidOperationException(what);
    }
}
