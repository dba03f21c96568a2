using System.Security.Cryptography;
using System.Text;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Rpc;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Tests.Encoders;
using Xunit;

namespace SearchEngine.Server.Tests.Retrieval;

public sealed class RetrieveTests
{
    private const string Question = "where do red cats sleep";
    private const int Points = 60;

    private static readonly string[] Words = ["red", "cats", "sleep", "where", "dogs", "blue", "birds", "run", "house", "tree", "do", "moon"];

    [Fact]
    public async Task WithTimeEnough_TheHitsAreTheCandidatesInTheOrderOfAllScores()
    {
        await using TextHost host = await FilledAsync();
        Wire.RetrieveReply reply = (await host.RetrieveAsync(Request(), TimeSpan.FromSeconds(30)))[^1].Reply;
        Wire.SearchReply first = await host.SearchAsync(TextHost.Query(Question, k: 50));
        Wire.Hit[] reference = [.. first.Hits.OrderByDescending(static hit => FakeEncoder.LogitOf(Question, BodyOf(hit.Id.Number)))];
        Assert.Equal(reference.Take(10).Select(static hit => hit.Id), reply.Hits.Select(static hit => hit.Id));
        Assert.Equal((50u, 50u, true, Wire.ScoreKind.Sigmoid), (reply.Candidates, reply.Reranked, reply.Complete, reply.ScoreKind));
        Assert.Empty(reply.Skipped);
        for (int place = 0; place < reply.Hits.Count; place++)
        {
            Wire.Hit hit = reply.Hits[place];
            int rank = first.Hits.Select(static h => h.Id).ToList().IndexOf(hit.Id);
            Assert.Equal(FakeEncoder.Sigmoid(FakeEncoder.LogitOf(Question, BodyOf(hit.Id.Number))), hit.Score);
            Assert.Equal(
                [("dense", first.Hits[rank].Score, (uint)rank + 1, Wire.ScoreKind.Cosine), ("rerank", hit.Score, (uint)place + 1, Wire.ScoreKind.Sigmoid)],
                hit.Components.Select(static c => (c.Name, c.Score, c.Rank, c.ScoreKind)));
        }
        Assert.Equal((host.Encoder.Space, true), (reply.Fingerprint.Space, reply.RerankFingerprint is not null));
        Assert.True(reply.Split is { EncodeMicros: > 0, SearchMicros: > 0, RerankMicros: > 0 }, $"A stage took no time: {reply.Split}");
    }

    [Fact]
    public async Task CandidatesOfWordsAndVectorsTogether_AreThoseOfTheHybridSearch_AndEveryHitSaysWhatEachStageGave()
    {
        await using TextHost host = await FilledAsync();
        Wire.RetrieveRequest request = Request();
        request.Candidates = 30;
        request.Hybrid = new Wire.HybridQuery
        {
            Components =
            {
                new Wire.Component { Query = new Wire.Query { Text = new Wire.TextQuery { Text = Question } } },
                new Wire.Component { Query = new Wire.Query { Lexical = new Wire.LexicalQuery { Text = Question } } },
            },
        };
        List<Wire.RetrieveFrame> frames = [.. await host.RetrieveAsync(request, TimeSpan.FromSeconds(30))];
        Wire.RetrieveReply reply = frames[^1].Reply;
        Wire.SearchReply first = await host.SearchAsync(new Wire.SearchRequest { Header = request.Header, Hybrid = request.Hybrid, K = 30 });
        Wire.Hit[] reference = [.. first.Hits.OrderByDescending(static hit => FakeEncoder.LogitOf(Question, BodyOf(hit.Id.Number)))];
        Assert.Equal(reference.Take(10).Select(static hit => hit.Id), reply.Hits.Select(static hit => hit.Id));
        foreach (Wire.Hit hit in reply.Hits)
        {
            Wire.ComponentScore[] expected = [.. first.Hits.Single(h => h.Id.Equals(hit.Id)).Components.Select(static c => new Wire.ComponentScore(c) { Contribution = 0 })];
            Assert.Equal(expected, hit.Components.SkipLast(1));
            Assert.Equal("rerank", hit.Components[^1].Name);
        }
        Assert.Equal((30u, 30u, Wire.Strategy.Fusion, 2), (reply.Candidates, reply.Reranked, reply.Plan.Strategy, reply.Plan.Components.Count));
        Assert.Equal(host.Encoder.Space, reply.Plan.Components[0].Fingerprint.Space);
        Assert.Null(reply.Plan.Components[1].Fingerprint);
        Assert.NotNull(reply.TextUse);
        Assert.Contains(frames, static f => f.Result is { Stage: Wire.ResultStage.Fused, ScoreKind: Wire.ScoreKind.ReciprocalRank });

        request.RerankMode = Wire.RerankMode.Off;
        Wire.RetrieveReply plain = await ReplyAsync(host, request);
        Assert.Equal(first.Hits.Take(10).Select(static hit => (hit.Id, hit.Score)), plain.Hits.Select(static hit => (hit.Id, hit.Score)));
        Assert.Equal(Wire.ScoreKind.ReciprocalRank, plain.ScoreKind);
    }

    [Fact]
    public async Task CandidatesOfWordsAlone_NeedNoEncoder()
    {
        await using TextHost host = await FilledAsync();
        host.Encoder.Encodes.Clear();
        Wire.RetrieveRequest request = Request();
        request.Query = new Wire.Query { Lexical = new Wire.LexicalQuery { Text = "moon tree" } };
        request.RerankMode = Wire.RerankMode.Off;
        Wire.RetrieveReply reply = await ReplyAsync(host, request);
        Wire.SearchReply first = await host.SearchAsync(new Wire.SearchRequest { Header = request.Header, Query = request.Query, K = 10 });
        Assert.Equal(first.Hits.Select(static hit => (hit.Id, hit.Score)), reply.Hits.Select(static hit => (hit.Id, hit.Score)));
        Assert.All(reply.Hits, static hit => Assert.Equal("lexical", Assert.Single(hit.Components).Name));
        Assert.Equal(Wire.ScoreKind.Bm25, reply.ScoreKind);
        Assert.Empty(host.Encoder.Encodes);
    }

    [Fact]
    public async Task EachHitCarriesThePassageThatWasReranked_OrWhatWasAskedFor()
    {
        await using TextHost host = await FilledAsync();
        Wire.Hit hit = (await ReplyAsync(host, Request())).Hits[0];
        byte[] text = Encoding.UTF8.GetBytes(BodyOf(hit.Id.Number));
        Assert.Equal(("body", BodyOf(hit.Id.Number), 0u, (uint)text.Length), (hit.Passage.TextField, hit.Passage.Text, hit.Passage.Span.Start, hit.Passage.Span.End));
        Assert.Equal(SHA256.HashData(text)[..16], hit.Passage.Sha256Prefix.ToByteArray());
        Assert.Null(hit.Point);
        Wire.RetrieveRequest fields = Request();
        fields.Fields = new Wire.ReturnFields { Attributes = { "topic" } };
        Wire.Hit other = (await ReplyAsync(host, fields)).Hits[0];
        Assert.Null(other.Passage);
        Assert.Equal("any", other.Point.Attributes["topic"].KeywordValue);
        Assert.Empty(other.Point.Texts);
    }

    [Fact]
    public async Task WithoutTimeForAPair_RerankingIsSkippedAndSaidSo_UnlessItIsRequired()
    {
        await using TextHost host = await FilledAsync();
        Wire.RetrieveRequest request = Request();
        request.Split = new Wire.BudgetSplit { RerankMicros = 100 };
        Wire.RetrieveReply reply = await ReplyAsync(host, request);
        Assert.Equal((false, Wire.IncompleteReason.Time, 0u), (reply.Complete, reply.IncompleteReason, reply.Reranked));
        Wire.SkippedStage skipped = Assert.Single(reply.Skipped);
        Assert.Equal((Wire.RetrieveStage.Rerank, Wire.ErrorReason.PredictedLate, 0f), (skipped.Stage, skipped.Reason, skipped.Done));
        Wire.SearchReply first = await host.SearchAsync(TextHost.Query(Question, k: 10));
        Assert.Equal(first.Hits.Select(static hit => (hit.Id, hit.Score)), reply.Hits.Select(static hit => (hit.Id, hit.Score)));
        Assert.Equal(Wire.ScoreKind.Cosine, reply.ScoreKind);
        Assert.Null(reply.RerankFingerprint);
        request.RerankMode = Wire.RerankMode.Required;
        int encodes = host.Encoder.Encodes.Count;
        await RunningServer.RefusedAsync(() => host.RetrieveAsync(request), Wire.ErrorReason.PredictedLate);
        Assert.Empty(host.Encoder.Scores);
        Assert.True(encodes == host.Encoder.Encodes.Count, "What would be refused for its time was encoded first.");
    }

    [Fact]
    public async Task WhenTheTimeEndsWhileReranking_TheRoundsThatAreDoneCount()
    {
        await using TextHost host = await FilledAsync();
        host.Encoder.OnScore = (request, call) => request.Documents.Count > 8 ? Task.Delay(Timeout.Infinite, call.Cancellation) : Task.CompletedTask;
        Wire.RetrieveRequest request = Request();
        request.K = 20;
        request.Split = new Wire.BudgetSplit { RerankMicros = 2_000_000 };
        Wire.RetrieveReply reply = await ReplyAsync(host, request);
        Assert.Equal((false, Wire.IncompleteReason.Time, 8u), (reply.Complete, reply.IncompleteReason, reply.Reranked));
        Wire.SkippedStage skipped = Assert.Single(reply.Skipped);
        Assert.Equal((Wire.RetrieveStage.Rerank, Wire.ErrorReason.Deadline), (skipped.Stage, skipped.Reason));
        Assert.Equal(8f / reply.Candidates, skipped.Done);
        Wire.SearchReply first = await host.SearchAsync(TextHost.Query(Question, k: 20));
        Assert.Equal(first.Hits.Take(8).Select(static hit => hit.Id.Number).Order(), reply.Hits.Take(8).Select(static hit => hit.Id.Number).Order());
        Assert.Equal(first.Hits.Skip(8).Select(static hit => hit.Id), reply.Hits.Skip(8).Select(static hit => hit.Id));
        Assert.All(reply.Hits.Take(8), static hit => Assert.Equal((default, 2), (hit.ScoreKind, hit.Components.Count)));
        Assert.All(reply.Hits.Skip(8), static hit => Assert.Equal((Wire.ScoreKind.Cosine, 1), (hit.ScoreKind, hit.Components.Count)));
    }

    [Fact]
    public async Task ARerankModelThatGoesAway_IsSkipped_UnlessItIsRequired()
    {
        await using TextHost host = await FilledAsync();
        host.Encoder.OnScore = static (_, _) => throw new RpcException(StatusCode.Unavailable, "Draining.", "DRAINING").With("fix", "Wait.").RetryAfter(TimeSpan.FromMinutes(1));
        Wire.RetrieveReply reply = await ReplyAsync(host, Request());
        Assert.Equal((false, Wire.IncompleteReason.Stage, Wire.Degradation.StageUnreachable), (reply.Complete, reply.IncompleteReason, reply.Header.Degradation));
        Assert.Equal(Wire.ErrorReason.EncoderDown, Assert.Single(reply.Skipped).Reason);
        Assert.Equal(10, reply.Hits.Count);
        Wire.RetrieveRequest required = Request();
        required.RerankMode = Wire.RerankMode.Required;
        await RunningServer.RefusedAsync(() => AfterRestAsync(() => host.RetrieveAsync(required)), Wire.ErrorReason.EncoderDown);
    }

    [Fact]
    public async Task AServerWithoutARerankModel_SaysSo_AndHasDoneWhatWasAsked()
    {
        FakeEncoder encoder = await FakeEncoder.StartAsync();
        encoder.HasScoreModel = false;
        await using TextHost host = await FilledAsync(encoder);
        Wire.RetrieveReply reply = await ReplyAsync(host, Request());
        Assert.Equal((true, 0u), (reply.Complete, reply.Reranked));
        Assert.Equal(Wire.ErrorReason.ModelUnknown, Assert.Single(reply.Skipped).Reason);
        Wire.RetrieveRequest off = Request();
        off.RerankMode = Wire.RerankMode.Off;
        Assert.Empty((await ReplyAsync(host, off)).Skipped);
        Wire.RetrieveRequest required = Request();
        required.RerankMode = Wire.RerankMode.Required;
        await RunningServer.RefusedAsync(() => host.RetrieveAsync(required), Wire.ErrorReason.ModelUnknown, "rerank.model");
        Wire.RetrieveRequest named = Request();
        named.Rerank = new Wire.RerankOptions { Model = "nobody" };
        await RunningServer.RefusedAsync(() => host.RetrieveAsync(named), Wire.ErrorReason.ModelUnknown, "rerank.model");
    }

    [Theory]
    [InlineData(Wire.StreamForm.Whole)]
    [InlineData(Wire.StreamForm.Delta)]
    [InlineData(Wire.StreamForm.FinalOnly)]
    public async Task TheStream_BeginsWithThePlan_AndEveryFinalPrefixHolds(Wire.StreamForm form)
    {
        await using TextHost host = await FilledAsync();
        Wire.RetrieveRequest request = Request();
        request.Form = form;
        List<Wire.RetrieveFrame> frames = await host.RetrieveAsync(request);
        Assert.Equal((50u, 50u), (frames[0].Plan.Candidates, frames[0].Plan.RerankDepth));
        Assert.Equal(host.Encoder.Space, frames[0].Plan.Search.Fingerprint.Space);
        Wire.RetrieveReply reply = frames[^1].Reply;
        Wire.ResultFrame[] results = [.. frames[1..^1].Select(static frame => frame.Result)];
        Assert.True(form == Wire.StreamForm.FinalOnly ? results.Length == 0 : results.Length >= 2, $"{results.Length} result frames.");
        Wire.Hit[] shown = [];
        foreach (Wire.ResultFrame result in results)
        {
            shown = form == Wire.StreamForm.Whole ? [.. result.Whole.Hits] : Applied(shown, result.Delta);
            int final = (int)result.FinalPrefix;
            Assert.Equal(reply.Hits.Take(final).Select(static hit => (hit.Id, hit.Score)), shown.Take(final).Select(static hit => (hit.Id, hit.Score)));
        }
        if (results.Length > 0)
        {
            Assert.Equal((Wire.ResultStage.Rescored, Wire.ResultStage.Reranked, 10u), (results[0].Stage, results[^1].Stage, results[^1].FinalPrefix));
        }
    }

    [Fact]
    public async Task WhatTheKeyHides_IsNeitherFoundNorReranked()
    {
        await using TextHost host = await FilledAsync();
        await host.Api.UpsertAsync(TextHost.Name, TextHost.Point(1_000, Question, "secret"));
        Assert.Equal(1_000UL, (await ReplyAsync(host, Request())).Hits[0].Id.Number);
        int before = host.Encoder.Scores.Count;
        host.Caller = new Caller(
            "limited", Permissions.Read, new Filter { Must = [new Condition.AnyOf("topic", [AttributeValue.OfKeyword("any")])] });
        Wire.RetrieveReply reply = await ReplyAsync(host, Request());
        Assert.DoesNotContain(reply.Hits, static hit => hit.Id.Number == 1_000);
        Assert.All(host.Encoder.Scores.Skip(before), static call => Assert.DoesNotContain(Question, call.Documents));
    }

    [Fact]
    public async Task AVectorOfTheCaller_IsTheFirstStage_AndTheTextIsReranked()
    {
        await using TextHost host = await FilledAsync();
        int encodes = host.Encoder.Encodes.Count;
        Wire.RetrieveRequest request = Request();
        request.Query = new Wire.Query
        {
            Vector = Search.SearchHost.Vector(host.Encoder.VectorOf("blue birds", Wire.Side.Query)),
            Origin = new Wire.VectorOrigin { Space = host.Encoder.Space, Side = Wire.Side.Query },
        };
        request.Candidates = 12;
        Wire.RetrieveReply reply = await ReplyAsync(host, request);
        Assert.Equal((12u, 12u), (reply.Candidates, reply.Reranked));
        Assert.Equal(encodes, host.Encoder.Encodes.Count);
        Assert.All(host.Encoder.Scores, static call => Assert.Equal(Question, call.Query));
    }

    [Fact]
    public async Task WrongRequests_AreRefusedByTheirField()
    {
        await using TextHost host = await FilledAsync();
        int encodes = host.Encoder.Encodes.Count;
        await RefusedAsync(host, static r => r.Text = "", Wire.ErrorReason.TextEmpty, "text");
        await RefusedAsync(host, static r => r.K = 1_001, Wire.ErrorReason.LimitExceeded, "k");
        await RefusedAsync(host, static r => r.Candidates = 5, Wire.ErrorReason.FieldInvalid, "candidates");
        await RefusedAsync(host, static r => r.Hybrid = new Wire.HybridQuery(), Wire.ErrorReason.FieldRequired, "hybrid.components");
        await RefusedAsync(host, static r => r.Grouping = new Wire.Grouping(), Wire.ErrorReason.FieldNotServed, "grouping");
        await RefusedAsync(host, static r => r.Rerank = new Wire.RerankOptions { TextField = "nowhere" }, Wire.ErrorReason.AttributeUnknown, "rerank.text_field");
        await RefusedAsync(
            host, static r => (r.Split, r.Budget) = (new Wire.BudgetSplit { SearchMicros = 2_000 }, new Wire.Budget { TimeMicros = 1_000 }),
            Wire.ErrorReason.FieldInvalid, "split");
        Assert.Equal(encodes, host.Encoder.Encodes.Count);
        await RefusedAsync(host, static r => r.Text = string.Join(' ', Enumerable.Repeat("why", 60)), Wire.ErrorReason.TextTooLong, "text");
    }

    private static Task RefusedAsync(TextHost host, Action<Wire.RetrieveRequest> spoil, Wire.ErrorReason reason, string field)
    {
        Wire.RetrieveRequest request = Request();
        spoil(request);
        return RunningServer.RefusedAsync(() => host.RetrieveAsync(request), reason, field);
    }

    private static Wire.RetrieveRequest Request() => new() { Header = Api.Header(TextHost.Name), Text = Question };

    private static async Task<Wire.RetrieveReply> ReplyAsync(TextHost host, Wire.RetrieveRequest request) => (await host.RetrieveAsync(request))[^1].Reply;

    private static async Task<TextHost> FilledAsync(FakeEncoder? encoder = null)
    {
        TextHost host = await TextHost.StartAsync(encoder);
        await host.WriteAsync([.. Enumerable.Range(1, Points).Select(static id => BodyOf((ulong)id))]);
        return host;
    }

    private static string BodyOf(ulong id)
    {
        var random = new Random((int)id);
        return id == 1_000 ? Question : $"passage {id} {string.Join(' ', Enumerable.Range(0, 5).Select(_ => Words[random.Next(Words.Length)]))}";
    }

    private static Wire.Hit[] Applied(Wire.Hit[] before, Wire.HitDelta delta)
    {
        var after = new Wire.Hit[delta.Length];
        before.AsSpan(0, Math.Min(before.Length, after.Length)).CopyTo(after);
        foreach (Wire.RankedHit changed in delta.Changed)
        {
            after[changed.Position] = changed.Hit;
        }
        return after;
    }

    /// <summary>The encoder rests after its failure, and one that rests is refused before it is asked.</summary>
    private static async Task<T> AfterRestAsync<T>(Func<Task<T>> call)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken);
        return await call();
    }
}
