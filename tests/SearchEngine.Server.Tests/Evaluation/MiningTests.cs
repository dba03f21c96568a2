using SearchEngine.Server.Tests.Encoders;
using Xunit;

namespace SearchEngine.Server.Tests.Evaluation;

public sealed class MiningTests
{
    private const string Set = "questions";

    [Fact]
    public async Task A_pool_holds_what_any_configuration_finds_once_and_leaves_out_what_is_judged()
    {
        await using TextHost host = await StartAsync();
        var request = new Wire.PoolRequest
        {
            Header = Api.Header(TextHost.Name),
            Judgements = Set,
            Depth = 3,
            Configurations =
            {
                new Wire.Configuration { Name = "vectors" },
                new Wire.Configuration { Name = "words", Search = new Wire.SearchRequest { Query = new Wire.Query { Lexical = new Wire.LexicalQuery() } } },
            },
        };
        List<Wire.PoolFrame> frames = await Frames<Wire.PoolRequest, Wire.PoolFrame>(host, "Pool", request);
        Wire.PooledCandidate[] pooled = [.. frames.Where(static f => f.Query is not null).SelectMany(static f => f.Query.Candidates)];
        Assert.Equal(pooled.Length, pooled.Select(static c => c.Id).Distinct().Count());
        Assert.DoesNotContain(pooled, static c => c.Id.Number == 1);
        Assert.Contains(pooled, static c => c.Configurations.Count == 2);
        Assert.All(pooled, static c => Assert.NotEmpty(c.Point.Texts["body"]));
        Assert.Equal((1ul, (ulong)pooled.Length), (frames[^1].Report.Queries, frames[^1].Report.Candidates));

        request.Scope = Wire.PoolScope.All;
        frames = await Frames<Wire.PoolRequest, Wire.PoolFrame>(host, "Pool", request);
        Wire.PooledCandidate judged = frames.Where(static f => f.Query is not null).SelectMany(static f => f.Query.Candidates).Single(static c => c.Id.Number == 1);
        Assert.Equal(1u, judged.Grade);
    }

    [Fact]
    public async Task Negatives_are_the_hardest_that_are_neither_relevant_nor_duplicates_nor_suspects()
    {
        await using TextHost host = await StartAsync();
        var request = new Wire.MineNegativesRequest { Header = Api.Header(TextHost.Name), Judgements = Set, FirstRank = 1, LastRank = 10, Negatives = 3, TextField = "body" };
        List<Wire.MineNegativesFrame> frames = await Frames<Wire.MineNegativesRequest, Wire.MineNegativesFrame>(host, "MineNegatives", request);

        Wire.Triplet triplet = Assert.Single(frames.Where(static f => f.Triplets is not null).SelectMany(static f => f.Triplets.Triplets));
        Assert.Equal(("q", 1ul), (triplet.QueryId, triplet.Positive.Id.Number));
        ulong[] negatives = [.. triplet.Negatives.Select(static n => n.Id.Number)];
        // 2 is the same text once more, 3 has every word of the question.
        Assert.Equal(3, negatives.Length);
        Assert.DoesNotContain(negatives, static id => id is 1 or 2 or 3);
        Assert.Equal(triplet.Negatives.Select(static n => n.Rank).Order(), triplet.Negatives.Select(static n => n.Rank));
        Wire.MineNegativesReport report = frames[^1].Report;
        Assert.Equal((1ul, 1ul, 1ul), (report.Triplets, report.DroppedDuplicates, report.DroppedSuspects));
    }

    [Fact]
    public async Task What_cannot_be_mined_or_pooled_is_refused_with_its_path()
    {
        await using TextHost host = await StartAsync();
        await RefusedAsync(Wire.ErrorReason.FieldInvalid, "last_rank", static r => (r.FirstRank, r.LastRank) = (20, 10));
        await RefusedAsync(Wire.ErrorReason.LimitExceeded, "negatives", static r => r.Negatives = 101);
        await RefusedAsync(Wire.ErrorReason.FieldInvalid, "duplicate_cosine", static r => r.DuplicateCosine = float.NaN);
        await RefusedAsync(Wire.ErrorReason.JudgementsUnknown, "judgements", static r => r.Judgements = "none");
        await RunningServer.RefusedAsync(
            () => Frames<Wire.PoolRequest, Wire.PoolFrame>(host, "Pool", new Wire.PoolRequest { Header = Api.Header(TextHost.Name), Judgements = Set, Depth = 2_000 }),
            Wire.ErrorReason.LimitExceeded, "depth");

        Task RefusedAsync(Wire.ErrorReason reason, string field, Action<Wire.MineNegativesRequest> with)
        {
            var request = new Wire.MineNegativesRequest { Header = Api.Header(TextHost.Name), Judgements = Set };
            with(request);
            return RunningServer.RefusedAsync(() => Frames<Wire.MineNegativesRequest, Wire.MineNegativesFrame>(host, "MineNegatives", request), reason, field);
        }
    }

    // 1 is judged relevant; the rerank model counts shared words, the encoder as well.
    private static async Task<TextHost> StartAsync()
    {
        TextHost host = await TextHost.StartAsync();
        await host.WriteAsync(
            "red apples grow on old trees", "red apples grow on old trees", "red apples grow where trees have their roots", "red cars", "apples fall", "old houses",
            "trees in rows", "nothing of this");
        await new EvaluationApi(host.Channel).LoadAsync(
            TextHost.Name, Set, [new Wire.JudgedQuery { QueryId = "q", Text = "red apples grow trees" }],
            [new Wire.Judgement { QueryId = "q", Id = new Wire.Id { Number = 1 }, Grade = 1 }]);
        return host;
    }

    private static Task<List<TFrame>> Frames<TRequest, TFrame>(TextHost host, string method, TRequest request)
        where TRequest : class, Google.Protobuf.IMessage<TRequest>
        where TFrame : class, Google.Protobuf.IMessage<TFrame> => new EvaluationApi(host.Channel).FramesAsync<TRequest, TFrame>(method, request);
}
