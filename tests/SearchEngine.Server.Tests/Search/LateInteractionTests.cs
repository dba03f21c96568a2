using System.Runtime.InteropServices;
using Google.Protobuf;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;
using Xunit;

namespace SearchEngine.Server.Tests.Search;

/// <summary>Multi vectors over the wire: declared, written, read back, searched alone, in hybrid searches and as a second stage.</summary>
public sealed class LateInteractionTests
{
    private const string Name = "docs";
    private const int Dimension = 8;
    private const int Points = 60;
    private const double Tolerance = 5e-3;

    private static readonly float[][] Rows = [.. Enumerable.Range(0, Points).Select(static i => Random(i, 1 + i % 5))];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_schema_and_the_stored_rows_come_back()
    {
        await using RunningServer server = await StartAsync();
        Wire.CollectionDescription described = await server.Api.DescribeAsync(Name);
        Wire.VectorSchema tokens = described.Config.Vectors.Single(static v => v.Kind == Wire.VectorKind.Multi);
        Assert.Equal(
            ("tokens", (uint)Dimension, Wire.Metric.Cosine, Wire.ElementType.Float16, Wire.Presence.Optional, "late/a"),
            (tokens.Name, tokens.Dimension, tokens.Metric, tokens.StoredType, tokens.Presence, tokens.Space.Declared));
        Assert.Contains(described.Vectors, static v => v is { Name: "tokens", Fingerprint.Space: "late/a" });
        Wire.MultiVector stored = (await server.Api.GetAsync(Name, 7))!.Vectors["tokens"].Multi;
        Assert.Equal((uint)Dimension, stored.Dimension);
        Assert.All(Rows[7].Zip(MemoryMarshal.Cast<byte, float>(stored.Data.Span).ToArray()), static p => Assert.Equal(p.First, p.Second, 2e-3f));
        Assert.Equal(Rows[7].Length, stored.Data.Length / sizeof(float));
        Assert.DoesNotContain("tokens", (await server.Api.GetAsync(Name, Points))!.Vectors.Keys);
    }

    [Fact]
    public async Task Search_by_tokens_equals_brute_force_in_every_call()
    {
        await using RunningServer server = await StartAsync();
        for (int seed = 100; seed < 110; seed++)
        {
            float[] query = Random(seed, 1 + seed % 4);
            Wire.SearchRequest request = ByTokens(query);
            request.Filter = seed % 2 == 0 ? Api.Topic("even") : null;
            Wire.SearchReply reply = await SearchAsync(server, request);
            CheckBest(reply.Hits, query, 10, id => seed % 2 == 1 || id % 2 == 0, $"seed {seed}");
            Assert.Equal(
                (true, Wire.ScoreKind.MaxSim, Wire.Strategy.ExactScan, Wire.RecallBasis.Exact, "late/a"),
                (reply.Complete, reply.ScoreKind, reply.Plan.Strategy, reply.Recall.Basis, reply.Fingerprint.Space));
            Assert.True(reply.Header.Cost.PredictedCpuMicros > 0, "a search by tokens was admitted without a prediction");
            await AssertAlikeAsync(server, request, reply);
        }
    }

    [Fact]
    public async Task A_stored_point_is_a_query_by_its_rows_alone_and_in_a_fusion_and_no_hit_of_it()
    {
        await using RunningServer server = await StartAsync();
        var query = new Wire.Query { Id = new Wire.Id { Number = 7 }, VectorName = "tokens" };
        var request = new Wire.SearchRequest { Header = Api.Header(Name), Query = query };
        Wire.SearchReply reply = await SearchAsync(server, request);
        CheckBest(reply.Hits, Rows[7], 10, static id => id != 7, "by point 7");
        request.Hybrid = new Wire.HybridQuery { Components = { new Wire.Component { Query = query } } };
        Assert.Equal(reply.Hits.Select(static h => h.Id), (await SearchAsync(server, request)).Hits.Select(static h => h.Id));
    }

    [Fact]
    public async Task Late_interaction_orders_the_candidates_and_says_what_each_stage_made_of_them()
    {
        await using RunningServer server = await StartAsync();
        float[] query = Random(200, 3);
        Wire.SearchRequest request = ByVector();
        request.LateInteraction = Late(query, Points + 1);
        request.K = Points + 1;
        request.Fields = new Wire.ReturnFields { Details = { Wire.Detail.Components } };
        Wire.SearchReply reply = await SearchAsync(server, request);
        CheckBest([.. reply.Hits.Take(Points)], query, Points, static _ => true, "all candidates");
        Assert.Equal(Wire.ScoreKind.MaxSim, reply.ScoreKind);
        Wire.Hit last = reply.Hits[^1];
        Assert.True(last.Id.Number == Points && last.ScoreKind == Wire.ScoreKind.Cosine, "the point without rows is last, with the score of the first stage");
        for (int i = 0; i < Points; i++)
        {
            Wire.ComponentScore late = reply.Hits[i].Components[0], first = reply.Hits[i].Components[1];
            Assert.Equal(("late_interaction", reply.Hits[i].Score, (uint)i + 1, Wire.ScoreKind.MaxSim), (late.Name, late.Score, late.Rank, late.ScoreKind));
            Assert.Equal(("dense", Wire.ScoreKind.Cosine, 0f), (first.Name, first.ScoreKind, first.Contribution));
        }
        await AssertAlikeAsync(server, request, reply);
        // Few candidates: those of the first stage, by their rows.
        request.K = 3;
        request.LateInteraction.Candidates = 5;
        request.Filter = Api.Topic("even");
        Wire.SearchReply few = await SearchAsync(server, request);
        Assert.All(few.Hits, static h => Assert.True(h.Id.Number % 2 == 0 && h.Components[1].Rank <= 5, $"{h.Id} is no candidate"));
        Assert.Equal(few.Hits.Select(static h => h.Score).OrderDescending(), few.Hits.Select(static h => h.Score));
    }

    [Fact]
    public async Task Late_interaction_goes_with_words_and_hybrid_searches_and_streams_end_with_it()
    {
        await using RunningServer server = await StartAsync();
        float[] query = Random(300, 2);
        var words = new Wire.Query { Lexical = new Wire.LexicalQuery { Text = "the" } };
        var hybrid = new Wire.HybridQuery
        {
            Components = { new Wire.Component { Query = ByVector().Query }, new Wire.Component { Query = words }, new Wire.Component { Query = ByTokens(query).Query } },
        };
        foreach (Wire.SearchRequest request in new[] { new Wire.SearchRequest { Query = words }, new Wire.SearchRequest { Hybrid = hybrid } })
        {
            request.Header = Api.Header(Name);
            request.Accuracy = request.Hybrid is null ? null : new Wire.Accuracy { Exact = new Wire.Exact() };
            request.LateInteraction = Late(query, 200);
            Wire.SearchReply reply = await SearchAsync(server, request);
            CheckBest(reply.Hits, query, 10, static _ => true, request.SearchCase.ToString());
            await AssertAlikeAsync(server, request, reply);
            if (request.Hybrid is not null)
            {
                Assert.Contains(reply.Hits[0].Components, static c => c is { Name: "multi", ScoreKind: Wire.ScoreKind.MaxSim });
            }
        }
    }

    [Fact]
    public async Task Explain_tells_the_tokens_and_the_rank_over_all_points()
    {
        await using RunningServer server = await StartAsync();
        float[] query = Random(400, 3);
        Wire.SearchRequest request = ByVector();
        request.LateInteraction = Late(query, 20);
        Wire.Hit second = (await SearchAsync(server, request)).Hits[1];
        Wire.ExplainReply reply = await server.Channel.UnaryAsync(
            SearchHost.Explain, new Wire.ExplainRequest { Search = request, Id = second.Id }, cancellation: Cancel);
        Assert.Equal((2u, second.Score), (reply.Rank, reply.Hit.Score));
        Assert.Equal([0u, 1u, 2u], reply.Tokens.Select(static t => t.QueryRow));
        Assert.Equal(second.Score, reply.Tokens.Sum(static t => t.Score), 1e-4);
        double own = Score(query, Rows[second.Id.Number]);
        Assert.Equal(1 + Rows.Count(rows => Score(query, rows) > own), (int)reply.ExactRank);
    }

    [Theory]
    [InlineData("dimension", "DIMENSION_MISMATCH", "query.multi")]
    [InlineData("no dimension", "DIMENSION_MISMATCH", "query.multi.dimension")]
    [InlineData("length", "VECTOR_LENGTH", "query.multi.data")]
    [InlineData("rows", "LIMIT_EXCEEDED", "query.multi")]
    [InlineData("nan", "VECTOR_NOT_FINITE", "query.multi")]
    [InlineData("zero", "VECTOR_ZERO", "query.multi")]
    [InlineData("space", "ENCODER_MISMATCH", "query.origin")]
    [InlineData("side", "SIDE_MISMATCH", "query.origin.side")]
    [InlineData("name", "VECTOR_UNKNOWN", "query.vector_name")]
    [InlineData("candidates", "FIELD_INVALID", "late_interaction.candidates")]
    [InlineData("no query", "FIELD_REQUIRED", "late_interaction.query")]
    [InlineData("text", "OUTPUT_UNSUPPORTED", "late_interaction.query")]
    [InlineData("text of rows", "OUTPUT_UNSUPPORTED", "query.text")]
    [InlineData("point without rows", "POINT_UNKNOWN", "query.id")]
    public async Task What_cannot_be_searched_is_refused_with_its_field(string what, string reason, string field)
    {
        await using RunningServer server = await StartAsync();
        Wire.SearchRequest request = field.StartsWith("late", StringComparison.Ordinal) ? ByVector() : ByTokens(Random(1, 2));
        Wire.MultiVector? rows = request.Query.Multi;
        switch (what)
        {
            case "dimension": rows!.Dimension = Dimension / 2; break;
            case "no dimension": rows!.Dimension = 0; break;
            case "length": rows!.Data = rows.Data.Span[1..].ToArray() is var cut ? ByteString.CopyFrom(cut) : null; break;
            case "rows": request.Query.Multi = Wired(Random(1, 513)); break;
            case "nan": request.Query.Multi = Wired([.. Random(1, 1).Skip(1), float.NaN]); break;
            case "zero": request.Query.Multi = Wired([.. Random(1, 1), .. new float[Dimension]]); break;
            case "space": request.Query.Origin = null; break;
            case "side": request.Query.Origin.Side = Wire.Side.Document; break;
            case "name": request.Query.VectorName = "default"; break;
            case "candidates": request.LateInteraction = Late(Random(1, 2), 5); break;
            case "text of rows": request.Query = new Wire.Query { Text = new Wire.TextQuery { Text = "who" }, VectorName = "tokens" }; break;
            case "point without rows": request.Query = new Wire.Query { Id = new Wire.Id { Number = Points }, VectorName = "tokens" }; break;
            case "no query": request.LateInteraction = new Wire.LateInteraction(); break;
            default:
                request.Query = new Wire.Query { Text = new Wire.TextQuery { Text = "who" } };
                request.LateInteraction = new Wire.LateInteraction();
                break;
        }
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => SearchAsync(server, request));
        Assert.Equal((reason, field), (refused.Reason, refused.Facts["field"]));
    }

    private static async Task<RunningServer> StartAsync()
    {
        RunningServer server = await RunningServer.StartAsync();
        Wire.CollectionConfig config = Api.Config();
        config.Vectors.Add(new Wire.VectorSchema
        {
            Name = "tokens",
            Kind = Wire.VectorKind.Multi,
            Dimension = Dimension,
            Space = new Wire.SpaceBinding { Declared = "late/a", Sidedness = Wire.Sidedness.Asymmetric },
        });
        await server.Api.CreateAsync(Name, config);
        Wire.Point[] points = [.. Enumerable.Range(0, Points + 1).Select(static i =>
        {
            Wire.Point point = Api.Point((ulong)i, i % 2 == 0 ? "even" : "odd");
            if (i < Points)
            {
                point.Vectors.Add("tokens", new Wire.AnyVector { Multi = Wired(Rows[i]) });
            }
            return point;
        })];
        await server.Api.UpsertAsync(
            Name, static request => request.VectorOrigins.Add("tokens", new Wire.VectorOrigin { Space = "late/a", Side = Wire.Side.Document }), points);
        return server;
    }

    // Streams, batches and pipelines say what the single call says.
    private static async Task AssertAlikeAsync(RunningServer server, Wire.SearchRequest request, Wire.SearchReply reply)
    {
        List<Wire.SearchFrame> frames;
        await using (ServerStreamCall<Wire.SearchStreamRequest, Wire.SearchFrame> call = await server.Channel.ServerStreamAsync(
            SearchHost.Stream, new Wire.SearchStreamRequest { Search = request }, cancellation: Cancel))
        {
            frames = await call.ReadAllAsync().ToListAsync(Cancel);
        }
        Assert.Equal(reply.Hits, frames[^1].Reply.Hits);
        Assert.All(frames.Where(static f => f.Result is { FinalPrefix: > 0 }), f =>
        {
            Assert.Equal((Wire.ResultStage.Rescored, Wire.ScoreKind.MaxSim), (f.Result.Stage, f.Result.ScoreKind));
            Assert.Equal(reply.Hits.Take((int)f.Result.FinalPrefix).Select(static h => h.Id), f.Result.Whole.Hits.Take((int)f.Result.FinalPrefix).Select(static h => h.Id));
        });
        Wire.SearchRequest bare = request.Clone();
        bare.Header = null;
        Wire.SearchBatchReply batch = await server.Channel.UnaryAsync(
            SearchHost.Batch, new Wire.SearchBatchRequest { Header = Api.Header(Name), Searches = { bare } }, cancellation: Cancel);
        Assert.Equal(reply.Hits, batch.Items[0].Reply.Hits);
    }

    private static void CheckBest(IReadOnlyList<Wire.Hit> hits, float[] query, int count, Func<int, bool> matches, string when)
    {
        double[] best = [.. Enumerable.Range(0, Points).Where(matches).Select(i => Score(query, Rows[i])).OrderDescending().Take(count)];
        Assert.True(best.Length == hits.Count, $"{when}: {hits.Count} hits instead of {best.Length}");
        for (int i = 0; i < best.Length; i++)
        {
            double score = Score(query, Rows[hits[i].Id.Number]);
            Assert.True(matches((int)hits[i].Id.Number), $"{when}: {hits[i].Id} does not match");
            Assert.True(Math.Abs(score - hits[i].Score) < Tolerance, $"{when}: {hits[i].Id} scores {hits[i].Score} instead of {score}");
            Assert.True(Math.Abs(best[i] - score) < Tolerance, $"{when}: hit {i} scores {score}, the best in its place {best[i]}");
        }
    }

    private static double Score(float[] query, float[] rows) =>
        query.Chunk(Dimension).Sum(q => rows.Chunk(Dimension).Max(r => q.Zip(r).Sum(static p => (double)p.First * p.Second) / (Length(q) * Length(r))));

    private static double Length(float[] row) => Math.Sqrt(row.Sum(static v => (double)v * v));

    private static float[] Random(int seed, int rows)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows * Dimension).Select(_ => (float)(random.NextDouble() * 2 - 1))];
    }

    private static Wire.MultiVector Wired(float[] rows) =>
        new() { Dimension = Dimension, Data = ByteString.CopyFrom(MemoryMarshal.AsBytes(rows.AsSpan())) };

    private static Wire.VectorOrigin QuerySide() => new() { Space = "late/a", Side = Wire.Side.Query };

    private static Wire.SearchRequest ByTokens(float[] query) =>
        new() { Header = Api.Header(Name), Query = new Wire.Query { Multi = Wired(query), Origin = QuerySide() } };

    private static Wire.SearchRequest ByVector() => new()
    {
        Header = Api.Header(Name),
        Query = new Wire.Query { Vector = new Wire.Vector { Values = { 1, 2, 3, 1 } } },
        Accuracy = new Wire.Accuracy { Exact = new Wire.Exact() },
    };

    private static Wire.LateInteraction Late(float[] query, uint candidates) => new() { Query = Wired(query), Origin = QuerySide(), Candidates = candidates };

    private static Task<Wire.SearchReply> SearchAsync(RunningServer server, Wire.SearchRequest request) =>
        server.Channel.UnaryAsync(SearchHost.Search, request, cancellation: Cancel);
}
