using SearchEngine.Server.Tests.Search;
using Xunit;

namespace SearchEngine.Server.Tests.Evaluation;

/// <summary>A server with clustered points in a collection, and judgements of queries that lie near some of them.</summary>
internal sealed class JudgedWorld : IAsyncDisposable
{
    public const string Name = SearchHost.Name;
    public const string Set = "questions";
    public const int Points = 600;

    private JudgedWorld(RunningServer server)
    {
        Server = server;
        Evaluation = new EvaluationApi(server.Channel);
    }

    public RunningServer Server { get; }

    public EvaluationApi Evaluation { get; }

    /// <summary>By query: the grades of points.</summary>
    public Dictionary<string, Dictionary<ulong, uint>> Grades { get; } = [];

    public List<Wire.JudgedQuery> Queries { get; } = [];

    public IEnumerable<Wire.Judgement> Judgements =>
        from query in Grades
        from grade in query.Value
        select new Wire.Judgement { QueryId = query.Key, Id = new Wire.Id { Number = grade.Key }, Grade = grade.Value };

    /// <param name="queries">In the groups "head" and "tail", by turns.</param>
    public static async Task<JudgedWorld> StartAsync(int queries, int seed = 1)
    {
        var world = new JudgedWorld(await RunningServer.StartAsync());
        await world.Server.Api.CreateAsync(Name, SearchHost.Config);
        await world.Server.Api.UpsertAsync(Name, [.. Enumerable.Range(1, Points).Select(id => SearchHost.WirePoint(id, seed))]);
        var random = new Random(seed);
        for (int i = 0; i < queries; i++)
        {
            world.AddQuery($"q{i}", i, random, seed);
        }
        await world.Evaluation.LoadAsync(Name, Set, world.Queries, world.Judgements);
        return world;
    }

    /// <summary>The search of a judged query by the Search service, for comparison.</summary>
    public async Task<ulong[]> SearchAsync(Wire.JudgedQuery query, Wire.SearchRequest template)
    {
        Wire.SearchRequest search = template.Clone();
        search.Header = Api.Header(Name);
        search.Query = new Wire.Query { Vector = query.Vector };
        Wire.SearchReply reply = await Server.Channel.UnaryAsync(SearchHost.Search, search, cancellation: TestContext.Current.CancellationToken);
        return [.. reply.Hits.Select(static hit => hit.Id.Number)];
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private void AddQuery(string id, int at, Random random, int seed)
    {
        int near = random.Next(1, Points + 1);
        float[] values = [.. SearchHost.Point(near, seed).Vectors.Values.Single().ToArray().Select(v => v + (float)(random.NextDouble() - 0.5) * 0.8f)];
        Queries.Add(new Wire.JudgedQuery { QueryId = id, Vector = SearchHost.Vector(values), Groups = { at % 2 == 0 ? "head" : "tail" } });
        Dictionary<ulong, uint> grades = Grades[id] = [];
        grades[(ulong)near] = 3;
        for (int more = random.Next(4); more > 0; more--)
        {
            grades.TryAdd((ulong)random.Next(1, Points + 1), (uint)random.Next(3));
        }
    }
}
