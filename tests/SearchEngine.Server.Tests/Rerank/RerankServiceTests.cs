using SearchEngine.Rpc;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Tests.Encoders;
using Xunit;

namespace SearchEngine.Server.Tests.Rerank;

public sealed class RerankServiceTests
{
    private const string Query = "red cats sleep";

    private static readonly string[] Bodies =
        ["dogs bark loudly", "red cats purr", "cats sleep all day", "red cats sleep well", "the red house", "birds sing", "sleep is good", "nothing here at all"];

    [Fact]
    public async Task TextsById_AndTextsThatAreSent_GetTheOrderOfAllScores()
    {
        await using TextHost host = await TextHost.StartAsync();
        await host.WriteAsync(Bodies);
        int[] reference = [.. Enumerable.Range(0, Bodies.Length).OrderByDescending(static i => FakeEncoder.LogitOf(Query, Bodies[i]))];
        Wire.RerankReply byId = await host.RerankAsync(ById(Enumerable.Range(1, Bodies.Length)));
        Wire.RerankReply byText = await host.RerankAsync(ByText(Bodies));
        foreach (Wire.RerankReply reply in (Wire.RerankReply[])[byId, byText])
        {
            Assert.Equal(reference, reply.Items.Select(static item => (int)item.Index));
            Assert.All(reply.Items, static item => Assert.Equal(FakeEncoder.Sigmoid(FakeEncoder.LogitOf(Query, Bodies[item.Index])), item.Score));
            Assert.Equal((true, 8u, 0u, 0u, Wire.ScoreKind.Sigmoid), (reply.Complete, reply.Scored, reply.Unscored, reply.Failed, reply.ScoreKind));
            Assert.StartsWith("s1-", reply.Fingerprint.Space, StringComparison.Ordinal);
            Assert.Equal(new Wire.TextUse { TokensIn = 3, TokensUsed = 3 }, reply.QueryUse);
        }
        Assert.Equal(4UL, byId.Items[0].Id.Number);
        Assert.True(host.Encoder.Scores.Count == 2, "Eight pairs took more than a call each time: the query is tokenized once per call.");
    }

    [Fact]
    public async Task MissingPointsAndTexts_FailAlone()
    {
        await using TextHost host = await TextHost.StartAsync();
        await host.WriteAsync(Bodies);
        Wire.RerankRequest request = ById([1, 99, 4]);
        request.Candidates.Add(new Wire.RerankCandidate { Id = new Wire.Id { Text = "mine" }, Text = string.Join(' ', Enumerable.Repeat("long", 60)) });
        request.Candidates.Add(new Wire.RerankCandidate { Id = new Wire.Id { Number = 99 }, Text = "cats of the caller" });
        Wire.RerankReply reply = await host.RerankAsync(request);
        Assert.Equal([2u, 4u, 0u, 1u, 3u], reply.Items.Select(static item => item.Index));
        Assert.Equal((true, 3u, 2u), (reply.Complete, reply.Scored, reply.Failed));
        Assert.Equal((Wire.ErrorReason.PointUnknown, Wire.CandidateState.Failed), (reply.Items[3].Error.Reason, reply.Items[3].State));
        Assert.Equal((Wire.ErrorReason.TextTooLong, "mine"), (reply.Items[4].Error.Reason, reply.Items[4].Id.Text));
        request.Options = new Wire.RerankOptions { TextField = "title" };
        Wire.RerankReply titles = await host.RerankAsync(request);
        Assert.Equal(Wire.ErrorReason.TextEmpty, titles.Items.Single(static item => item.Index == 0).Error.Reason);
    }

    [Fact]
    public async Task WhenTheTimeIsOver_TheBestOrderSoFarIsTheAnswer_WhereThatIsAllowed()
    {
        await using TextHost host = await TextHost.StartAsync();
        // The second round never ends.
        host.Encoder.OnScore = (request, call) => request.Documents.Count > 8 ? Task.Delay(Timeout.Infinite, call.Cancellation) : Task.CompletedTask;
        string[] texts = [.. Enumerable.Range(0, 40).Select(static i => i == 3 ? "red cats" : $"text {i}")];
        Wire.RerankRequest request = ByText(texts);
        request.Budget = new Wire.Budget { TimeMicros = 2_000_000, OnExpiry = Wire.PartialPolicy.Allow };
        Wire.RerankReply reply = await host.RerankAsync(request);
        Assert.Equal((false, 8u, 32u), (reply.Complete, reply.Scored, reply.Unscored));
        Assert.Equal(3u, reply.Items[0].Index);
        Assert.Equal(Enumerable.Range(8, 32), reply.Items.Skip(8).Select(static item => (int)item.Index));
        Assert.All(reply.Items.Skip(8), static item => Assert.Equal(Wire.CandidateState.Unscored, item.State));
        request.Budget.OnExpiry = Wire.PartialPolicy.Refuse;
        request.Budget.TimeMicros = 300_000;
        await Assert.ThrowsAsync<RpcException>(() => host.RerankAsync(request));
    }

    [Fact]
    public async Task TheStream_TellsHowItRuns_ThenRounds_AndEndsWithTheReply()
    {
        await using TextHost host = await TextHost.StartAsync();
        string[] texts = [.. Enumerable.Range(0, 100).Select(static i => $"word{i} {(i % 9 == 0 ? "red" : "blue")} {(i % 11 == 0 ? "cats" : "")}")];
        Wire.RerankRequest request = ByText(texts);
        request.TopN = 10;
        List<Wire.RerankFrame> frames = await host.RerankStreamAsync(request);
        Wire.RerankReply unary = await host.RerankAsync(request);
        Assert.Equal(100u, frames[0].Started.PredictedDepth);
        Wire.RerankRound[] rounds = [.. frames[1..^1].Select(static frame => frame.Round)];
        Assert.Equal(Enumerable.Range(0, 100), rounds.SelectMany(static round => round.Items).Select(static item => (int)item.Index).Order());
        Assert.All(rounds, static round => Assert.True(round.Order.Count == 10, "An order is longer than top_n."));
        Assert.Equal(10u, rounds[^1].FinalPrefix);
        Wire.RerankReply last = frames[^1].Reply;
        Assert.Equal(unary.Items, last.Items);
        Assert.Equal(rounds[^1].Order, last.Items.Select(static item => item.Index));
        Assert.Equal((unary.Complete, unary.Scored, unary.Fingerprint), (last.Complete, last.Scored, last.Fingerprint));
    }

    [Fact]
    public async Task ACutTextIsReported_AndALongQueryIsNeverCut()
    {
        await using TextHost host = await TextHost.StartAsync();
        Wire.RerankRequest request = ByText(["short cats", string.Join(' ', Enumerable.Repeat("red", 60))]);
        request.Options = new Wire.RerankOptions { Truncation = Wire.Truncation.Head };
        Wire.RerankReply reply = await host.RerankAsync(request);
        Wire.RerankedItem cut = reply.Items.Single(static item => item.Index == 1);
        Assert.Equal((60u, 47u, true), (cut.TextUse.TokensIn, cut.TextUse.TokensUsed, cut.TextUse.Truncated));
        Assert.Contains(reply.Header.Warnings, static w => w is { Kind: Wire.WarningKind.TextTruncated, Field: "options.truncation" });
        request.Query = string.Join(' ', Enumerable.Repeat("why", 60));
        await RunningServer.RefusedAsync(() => host.RerankAsync(request), Wire.ErrorReason.TextTooLong, "query");
    }

    [Fact]
    public async Task ThresholdTopAndTexts_AreAppliedToTheWholeOrder()
    {
        await using TextHost host = await TextHost.StartAsync();
        await host.WriteAsync(Bodies);
        Wire.RerankRequest request = ById(Enumerable.Range(1, Bodies.Length));
        request.Options = new Wire.RerankOptions { ScoreKind = Wire.ScoreKind.Logit, MinScore = 0, Depth = 4 };
        request.TopN = 3;
        request.TextReturn = Wire.TextReturn.Include;
        Wire.RerankReply reply = await host.RerankAsync(request);
        Assert.Equal(["red cats sleep well", "cats sleep all day", "red cats purr"], reply.Items.Select(static item => item.Text).OrderByDescending(static text => FakeEncoder.LogitOf(Query, text)));
        Assert.All(reply.Items, static item => Assert.True(item.Score >= 0));
        Assert.Equal((4u, 4u), (reply.Scored, reply.Unscored));
        Wire.RerankRequest large = ByText(["cats", new string('x', 5_000)]);
        (large.TextReturn, large.Header.MaxReplyBytes) = (Wire.TextReturn.Include, 3_000);
        Wire.RerankReply shortened = await host.RerankAsync(large);
        Assert.All(shortened.Items, static item => Assert.Empty(item.Text));
        Assert.Contains(shortened.Header.Warnings, static w => w is { Kind: Wire.WarningKind.ReplyShortened, Field: "text_return" });
    }

    [Fact]
    public async Task PointsThatTheKeyHides_AreUnknownToTheReranker()
    {
        await using TextHost host = await TextHost.StartAsync();
        await host.Api.UpsertAsync(TextHost.Name, TextHost.Point(1, "red cats", "open"), TextHost.Point(2, "red cats sleep", "secret"));
        host.Caller = new Caller("limited", Permissions.Read, FilterOfTopic("open"));
        Wire.RerankReply reply = await host.RerankAsync(ById([1, 2]));
        Assert.Equal((1u, 1u), (reply.Scored, reply.Failed));
        Assert.Equal(Wire.ErrorReason.PointUnknown, reply.Items[1].Error.Reason);
        Assert.All(host.Encoder.Scores, static call => Assert.DoesNotContain("red cats sleep", call.Documents));
    }

    [Fact]
    public async Task WrongRequests_AreRefusedByTheirField()
    {
        await using TextHost host = await TextHost.StartAsync();
        await RefusedAsync(host, static r => r.Query = "", Wire.ErrorReason.TextEmpty, "query");
        await RefusedAsync(host, static r => r.Candidates.Clear(), Wire.ErrorReason.FieldRequired, "candidates");
        await RefusedAsync(host, static r => r.Candidates.Add(new Wire.RerankCandidate()), Wire.ErrorReason.FieldRequired, "candidates[1]");
        await RefusedAsync(host, static r => r.Candidates.Add(Enumerable.Repeat(r.Candidates[0], 1_000)), Wire.ErrorReason.LimitExceeded, "candidates");
        await RefusedAsync(host, static r => r.Options = new Wire.RerankOptions { Model = "nobody" }, Wire.ErrorReason.ModelUnknown, "options.model");
        await RefusedAsync(host, static r => r.Options = new Wire.RerankOptions { ScoreKind = Wire.ScoreKind.Calibrated }, Wire.ErrorReason.OutputUnsupported, "options.score_kind");
        await RefusedAsync(host, static r => r.Options = new Wire.RerankOptions { ScoreKind = Wire.ScoreKind.Cosine }, Wire.ErrorReason.FieldInvalid, "options.score_kind");
        await RefusedAsync(host, static r => r.Options = new Wire.RerankOptions { Truncation = Wire.Truncation.Chunk }, Wire.ErrorReason.FieldInvalid, "options.truncation");
        await RefusedAsync(host, static r => r.Options = new Wire.RerankOptions { MinScore = float.NaN }, Wire.ErrorReason.FieldInvalid, "options.min_score");
        await RefusedAsync(
            host, static r =>
            {
                r.Candidates[0].Text = "";
                r.Candidates[0].Id = new Wire.Id { Number = 1 };
                r.Options = new Wire.RerankOptions { TextField = "nowhere" };
            },
            Wire.ErrorReason.AttributeUnknown, "options.text_field");
        Assert.Empty(host.Encoder.Scores);
        await host.Encoder.KillAsync();
        await RefusedAsync(host, static _ => { }, Wire.ErrorReason.EncoderDown, "");
    }

    private static Task RefusedAsync(TextHost host, Action<Wire.RerankRequest> spoil, Wire.ErrorReason reason, string field)
    {
        Wire.RerankRequest request = ByText(["cats"]);
        spoil(request);
        return RunningServer.RefusedAsync(() => host.RerankAsync(request), reason, field);
    }

    private static Wire.RerankRequest ById(IEnumerable<int> ids) => new()
    {
        Header = Api.Header(TextHost.Name),
        Query = Query,
        Candidates = { ids.Select(static id => new Wire.RerankCandidate { Id = new Wire.Id { Number = (ulong)id } }) },
    };

    private static Wire.RerankRequest ByText(IEnumerable<string> texts) => new()
    {
        Header = Api.Header(TextHost.Name),
        Query = Query,
        Candidates = { texts.Select(static text => new Wire.RerankCandidate { Text = text }) },
    };

    private static SearchEngine.Collections.Filters.Filter FilterOfTopic(string topic) => new()
    {
        Must =
        [
            new SearchEngine.Collections.Filters.Condition.AnyOf(
                "topic", [SearchEngine.Collections.Documents.AttributeValue.OfKeyword(topic)]),
        ],
    };
}
