using SearchEngine.Models.Testing;
using Xunit;

namespace SearchEngine.Encoder.Tests.Service;

public sealed class ScoreTests(AllHeadsEncoder encoder) : IClassFixture<AllHeadsEncoder>
{
    private static readonly string[] Documents = ["the cat sits", "a house of a tree", "zebra", "the dog runs fast on the red house, night of day"];

    [Theory]
    [InlineData(Wire.ScoreKind.Unspecified)]
    [InlineData(Wire.ScoreKind.Logit)]
    public async Task Scores_of_pairs_equal_the_reference_in_double(Wire.ScoreKind kind)
    {
        var request = new Wire.ScoreRequest { Query = "a cat", ScoreKind = kind };
        request.Documents.Add(Documents);
        var reply = await (await encoder.ApiAsync()).ScoreAsync(request);
        Assert.Equal(kind == 0 ? Wire.ScoreKind.Sigmoid : kind, reply.ScoreKind);
        Assert.True(reply.QueryUse is { TokensUsed: > 0, Truncated: false } use && use.TokensIn == use.TokensUsed, $"Of the query was read: {reply.QueryUse}");
        var logits = Documents.Select(document => Reference.Score("a cat", document));
        Vectors.Close([.. kind == 0 ? logits.Select(x => 1 / (1 + Math.Exp(-x))) : logits], [.. reply.Scores], kind.ToString());
        Assert.Equal(Documents.Length, reply.DocumentUses.Count);
    }

    [Fact]
    public async Task Pairs_of_their_own_score_as_one_query_with_documents()
    {
        var api = await encoder.ApiAsync();
        var request = new Wire.ScoreRequest();
        request.Pairs.Add(Documents.Select(document => new Wire.TextPair { Query = "a cat", Document = document }));
        var pairs = await api.ScoreAsync(request);
        Assert.Null(pairs.QueryUse);
        Vectors.Close(Vectors.Doubles((await api.ScoreAsync("a cat", Documents)).Scores), [.. pairs.Scores], "pairs");
    }

    [Fact]
    public async Task Only_the_document_of_a_pair_is_cut_and_a_query_without_room_is_refused()
    {
        var api = await encoder.ApiAsync();
        var request = new Wire.ScoreRequest { Query = "a cat", Truncation = Wire.Truncation.Head };
        request.Documents.Add(string.Join(' ', Enumerable.Repeat("house", 100)));
        var reply = await api.ScoreAsync(request);
        Assert.True(reply.DocumentUses[0] is { Truncated: true, TokensUsed: TestFolder.Positions }, reply.DocumentUses[0].ToString());
        Assert.Equal(100u + 5, reply.DocumentUses[0].TokensIn);
        Vectors.Close(
            [1 / (1 + Math.Exp(-Reference.Score("a cat", request.Documents[0][..(int)reply.DocumentUses[0].Cut.Start])))], [.. reply.Scores], "cut");
        request.Query = string.Join(' ', Enumerable.Repeat("cat", 61));
        await RunningEncoder.RefusedAsync(() => api.ScoreAsync(request), Wire.ErrorReason.TextTooLong, "query");
        request.Query = string.Join(' ', Enumerable.Repeat("cat", 60));
        Assert.Single((await api.ScoreAsync(request)).Scores);
    }

    [Fact]
    public async Task What_cannot_be_scored_is_refused_with_its_path()
    {
        var api = await encoder.ApiAsync();
        await RunningEncoder.RefusedAsync(() => api.ScoreAsync("", "a"), Wire.ErrorReason.TextEmpty, "query");
        await RunningEncoder.RefusedAsync(() => api.ScoreAsync("a", "b", ""), Wire.ErrorReason.TextEmpty, "documents[1]");
        await RunningEncoder.RefusedAsync(() => api.ScoreAsync("a"), Wire.ErrorReason.FieldRequired, "documents");
        await RunningEncoder.RefusedAsync(
            () => api.ScoreAsync(new Wire.ScoreRequest { Query = "a", Documents = { "b" }, ScoreKind = Wire.ScoreKind.Calibrated }),
            Wire.ErrorReason.OutputUnsupported, "score_kind");
        await RunningEncoder.RefusedAsync(
            () => api.ScoreAsync(new Wire.ScoreRequest { Query = "a", Documents = { "b" }, Truncation = Wire.Truncation.Chunk }),
            Wire.ErrorReason.FieldInvalid, "truncation");
        await RunningEncoder.RefusedAsync(
            () => api.ScoreAsync(new Wire.ScoreRequest { Query = "a", Pairs = { new Wire.TextPair { Query = "a", Document = "b" } } }),
            Wire.ErrorReason.FieldInvalid, "pairs");
        await RunningEncoder.RefusedAsync(
            () => api.ScoreAsync(new Wire.ScoreRequest { Pairs = { new Wire.TextPair { Query = "a" } } }),
            Wire.ErrorReason.TextEmpty, "pairs[0].document");
    }

    [Fact]
    public async Task Probabilities_of_classes_equal_the_reference_in_double()
    {
        var request = new Wire.ClassifyRequest();
        request.Texts.Add(Documents);
        var api = await encoder.ApiAsync();
        var reply = await api.ClassifyAsync(request);
        for (var i = 0; i < Documents.Length; i++)
        {
            var logits = Reference.Classes($"passage: {Documents[i]}");
            var sum = logits.Sum(Math.Exp);
            var expected = TestFolder.AllHeads.Classes!.Labels.Zip(logits, (label, logit) => (label, p: Math.Exp(logit) / sum)).OrderByDescending(c => c.p);
            Assert.Equal(expected.Select(c => c.label), reply.Items[i].Classes.Select(c => c.Label));
            Vectors.Close([.. expected.Select(c => c.p)], [.. reply.Items[i].Classes.Select(c => c.Probability)], Documents[i]);
        }
        request.TopN = 1;
        Assert.All((await api.ClassifyAsync(request)).Items, item => Assert.Single(item.Classes));
        request.TopN = 4;
        await RunningEncoder.RefusedAsync(() => api.ClassifyAsync(request), Wire.ErrorReason.LimitExceeded, "top_n");
    }

    [Fact]
    public async Task Tokens_and_chunks_are_told_without_running_the_model()
    {
        var api = await encoder.ApiAsync();
        var plain = (await api.TokenizeAsync(new Wire.TokenizeRequest { Texts = { "a cat" } })).Items[0];
        Assert.Equal(Reference.Ids("a cat").Select(id => (uint)id), plain.Ids);
        Assert.Equal([0u, 0, 2, 0], plain.Starts);
        Assert.Equal([0u, 1, 5, 0], plain.Ends);
        var query = (await api.TokenizeAsync(new Wire.TokenizeRequest { Texts = { "a cat" }, Side = Wire.Side.Query })).Items[0];
        Assert.Equal(Reference.Ids("query: a cat").Select(id => (uint)id), query.Ids);
        var text = string.Join(". ", Enumerable.Repeat("The cat sits", 30));
        var chunks = (await api.TokenizeAsync(new Wire.TokenizeRequest
        {
            Texts = { text },
            Side = Wire.Side.Document,
            Chunking = new Wire.ChunkOptions { MaxTokens = 20, OverlapTokens = 0 },
        })).Items[0].Chunks;
        Assert.Equal(text, string.Concat(chunks.Select(c => text[(int)c.Span.Start..(int)c.Span.End])));
        Assert.All(chunks, c => Assert.Null(c.Dense));
        await RunningEncoder.RefusedAsync(
            () => api.TokenizeAsync(new Wire.TokenizeRequest { Texts = { "" } }), Wire.ErrorReason.TextEmpty, "texts[0]");
    }
}
