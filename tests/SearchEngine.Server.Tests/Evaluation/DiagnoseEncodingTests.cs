using SearchEngine.Server.Tests.Encoders;
using SearchEngine.Server.Tests.Search;
using Xunit;

namespace SearchEngine.Server.Tests.Evaluation;

/// <summary>Faults of texts and vectors, planted one at a time beside an encoder that does what the test says, and two at a time.</summary>
public sealed class DiagnoseEncodingTests
{
    private const ulong Right = 1;
    private const string Question = "the question";
    private const string Passage = "the right passage";
    private const uint K = 3;

    [Fact]
    public async Task A_passage_that_is_found_has_no_cause_and_its_rank_is_told()
    {
        await using TextHost host = await StartAsync();
        Wire.Diagnosis healthy = await DiagnoseAsync(host, ByText());
        Assert.Equal(Wire.MissCause.Unspecified, healthy.Cause);
        Assert.All(healthy.Ranks.Where(static rank => rank.Stage != Wire.DiagnoseStage.Lexical), static rank => Assert.Equal(1u, rank.Rank));
        Assert.Equal(
            [Wire.DiagnoseStage.Exact, Wire.DiagnoseStage.Graph, Wire.DiagnoseStage.Filtered, Wire.DiagnoseStage.Lexical], healthy.Ranks.Select(static rank => rank.Stage));
        Assert.Contains("rank 1", healthy.Evidence, StringComparison.Ordinal);
        Assert.Equal(host.Encoder.Space, healthy.Fingerprint.Space);
    }

    [Fact]
    public async Task A_passage_that_was_never_written_is_not_in_the_corpus()
    {
        await using TextHost host = await StartAsync();
        Assert.Equal(Wire.MissCause.NotInCorpus, (await DiagnoseAsync(host, ByText(), expected: 999)).Cause);
    }

    [Fact]
    public async Task A_passage_without_a_vector_is_not_in_the_index()
    {
        await using TextHost host = await StartAsync(config => config.Vectors[0].Presence = Wire.Presence.Optional);
        await host.Api.UpsertAsync(TextHost.Name, new Wire.Point { Id = new Wire.Id { Number = 50 }, Texts = { ["title"] = "no body" } });
        Assert.Equal(Wire.MissCause.NotInIndex, (await DiagnoseAsync(host, ByText(), expected: 50)).Cause);
    }

    [Fact]
    public async Task A_passage_whose_answer_was_cut_off_is_truncated_and_the_figures_say_how_much()
    {
        await using TextHost host = await StartAsync(config => config.Vectors[0].SourceTruncation = Wire.Truncation.Head);
        await WriteLongAsync(host);
        Wire.Diagnosis cut = await DiagnoseAsync(host, ByText("needle haystack"), expected: 60);
        Assert.Equal(Wire.MissCause.Truncated, cut.Cause);
        Assert.Equal((120u, 50u, true), (cut.TextUse.TokensIn, cut.TextUse.TokensUsed, cut.TextUse.Truncated));
        Assert.Contains("50 of the text's 120 tokens", cut.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_passage_that_was_cut_where_it_says_nothing_of_the_question_is_the_models_fault()
    {
        await using TextHost host = await StartAsync(config => config.Vectors[0].SourceTruncation = Wire.Truncation.Head);
        await WriteLongAsync(host);
        Assert.Equal(Wire.MissCause.Model, (await DiagnoseAsync(host, ByText("needle almost"), expected: 61)).Cause);
    }

    [Theory]
    [InlineData(Wire.Side.Document, Wire.MissCause.WrongSide)]
    [InlineData(Wire.Side.Query, Wire.MissCause.WrongSpace)]
    public async Task A_query_of_a_stated_wrong_origin_was_refused_for_it_which_is_the_verdict(Wire.Side side, Wire.MissCause cause)
    {
        await using TextHost host = await StartAsync();
        Wire.SearchRequest search = ByVector(Axis(0), host);
        search.Query.Origin = new Wire.VectorOrigin { Space = side == Wire.Side.Query ? "s1-00000000000000000000000000000000" : host.Encoder.Space, Side = side };
        Assert.Equal(cause, (await DiagnoseAsync(host, search)).Cause);
    }

    [Fact]
    public async Task A_query_encoded_on_the_side_of_documents_is_told_though_its_origin_says_otherwise()
    {
        await using TextHost host = await StartAsync();
        Wire.Diagnosis wrong = await DiagnoseAsync(host, ByVector(Axis(1), host), text: Question);
        Assert.Equal(Wire.MissCause.WrongSide, wrong.Cause);
        Assert.Contains("side DOCUMENT", wrong.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_of_another_model_is_told_though_its_origin_says_otherwise()
    {
        await using TextHost host = await StartAsync();
        await WriteAsync(host, "what the other model likes", 4, 7, 0.5f);
        Assert.Equal(Wire.MissCause.WrongSpace, (await DiagnoseAsync(host, ByVector(Axis(7), host), text: Question)).Cause);
    }

    [Theory]
    [InlineData(2, Wire.MissCause.WrongSide)]
    [InlineData(9, Wire.MissCause.WrongSpace)]
    public async Task A_passage_stored_with_a_vector_that_is_not_of_its_text_is_told(int axis, Wire.MissCause cause)
    {
        await using TextHost host = await StartAsync();
        Wire.Point point = TextHost.Point(Right, Passage);
        point.Vector = SearchHost.Vector(Axis(axis));
        await host.Api.UpsertAsync(
            TextHost.Name, request => request.Origin = new Wire.VectorOrigin { Space = host.Encoder.Space, Side = Wire.Side.Document }, point);
        await WriteAsync(host, "near the question", 4, 0, 0.5f);
        Wire.Diagnosis stored = await DiagnoseAsync(host, ByText());
        Assert.Equal(cause, stored.Cause);
    }

    [Fact]
    public async Task A_passage_that_the_encoder_does_not_relate_to_the_question_is_the_models_fault()
    {
        await using TextHost host = await StartAsync();
        await WriteAsync(host, "nearer than the right one", 5, 0, 0.99f);
        Wire.Diagnosis low = await DiagnoseAsync(host, ByText());
        Assert.Equal(Wire.MissCause.Model, low.Cause);
        Assert.Equal(6u, low.Ranks.Single(static rank => rank.Stage == Wire.DiagnoseStage.Exact).Rank);
        Assert.Contains("ranks it at 6, 3 are looked at", low.Evidence, StringComparison.Ordinal);
        Assert.NotEqual(Right, low.FirstHit.Id.Number);
        Assert.NotEmpty(low.Fix);
    }

    [Fact]
    public async Task A_passage_that_the_filter_excludes_is_the_filters_fault_whatever_its_rank_without_it()
    {
        await using TextHost host = await StartAsync();
        Wire.SearchRequest search = ByText();
        search.Filter = SearchHost.Topic("other");
        Wire.Diagnosis excluded = await DiagnoseAsync(host, search);
        Assert.Equal(Wire.MissCause.Filter, excluded.Cause);
        Assert.Equal((1u, 0u), (Rank(excluded, Wire.DiagnoseStage.Exact), Rank(excluded, Wire.DiagnoseStage.Filtered)));
    }

    [Fact]
    public async Task A_passage_below_the_least_score_is_the_thresholds_fault()
    {
        await using TextHost host = await StartAsync();
        Wire.SearchRequest search = ByText();
        search.MinScore = 0.95f;
        Assert.Equal(Wire.MissCause.Threshold, (await DiagnoseAsync(host, search)).Cause);
    }

    [Fact]
    public async Task A_passage_that_the_rerank_model_puts_down_is_its_fault_and_one_that_it_lifts_is_found()
    {
        await using TextHost host = await StartAsync();
        // The rerank model counts the words that are shared.
        await WriteAsync(host, "the question again", 5, 0, 0.5f);
        var rerank = new Wire.RerankOptions { Depth = 20 };
        Wire.Diagnosis down = await DiagnoseAsync(host, ByText(), rerank: rerank);
        Assert.Equal(Wire.MissCause.Rerank, down.Cause);
        Assert.True(Rank(down, Wire.DiagnoseStage.Reranked) > K, $"{down}");

        await WriteAsync(host, "far words", 6, 0, 0.95f);
        Wire.Diagnosis lifted = await DiagnoseAsync(host, ByText(), expected: 100, rerank: rerank);
        Assert.Equal(Wire.MissCause.Unspecified, lifted.Cause);
        Assert.True(Rank(lifted, Wire.DiagnoseStage.Filtered) > K, "the test shows nothing: the first stage ranks it high enough");
    }

    [Fact]
    public async Task Of_two_faults_the_earlier_is_the_cause_and_the_evidence_names_both()
    {
        await using TextHost host = await StartAsync(config => config.Vectors[0].SourceTruncation = Wire.Truncation.Head);
        await WriteLongAsync(host);
        Wire.SearchRequest cutAndFiltered = ByText("needle haystack");
        cutAndFiltered.Filter = new Wire.Filter { MustNot = { new Wire.Condition { Ids = new Wire.IdSet { Numbers = { 60 } } } } };
        Wire.Diagnosis both = await DiagnoseAsync(host, cutAndFiltered, expected: 60);
        Assert.Equal(Wire.MissCause.Truncated, both.Cause);
        Assert.Contains("Also: The filter excludes it.", both.Evidence, StringComparison.Ordinal);

        Wire.SearchRequest wrongSideAndFiltered = ByVector(Axis(1), host);
        wrongSideAndFiltered.Filter = SearchHost.Topic("other");
        await WriteAsync(host, "of the other topic", 5, 1, 0.9f, "other");
        Wire.Diagnosis side = await DiagnoseAsync(host, wrongSideAndFiltered, text: Question);
        Assert.Equal(Wire.MissCause.WrongSide, side.Cause);
        Assert.Contains("Also: The filter excludes it.", side.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cause_of_most_items_is_the_main_one_and_a_broken_item_has_its_error_in_its_place()
    {
        await using TextHost host = await StartAsync();
        Wire.SearchRequest filtered = ByText();
        filtered.Filter = SearchHost.Topic("other");
        Wire.SearchRequest broken = ByText();
        broken.Query.VectorName = "nothing";
        var request = new Wire.DiagnoseRequest { Header = Api.Header(TextHost.Name) };
        foreach (Wire.SearchRequest search in (Wire.SearchRequest[])[filtered, broken, ByText(), filtered])
        {
            request.Items.Add(new Wire.DiagnoseItem { Search = search, Expected = new Wire.Id { Number = Right } });
        }
        Wire.DiagnoseReply reply = await host.DiagnoseAsync(request);
        Assert.Equal(Wire.MissCause.Filter, reply.MainCause);
        Assert.Equal((Wire.ErrorReason.VectorUnknown, "query.vector_name"), (reply.Findings[1].Error.Reason, reply.Findings[1].Error.Field));
        Assert.Equal(Wire.MissCause.Unspecified, reply.Findings[2].Diagnosis.Cause);
    }

    [Fact]
    public async Task Without_an_encoder_the_rank_is_judged_and_what_was_not_checked_is_said()
    {
        await using TextHost host = await StartAsync();
        await WriteAsync(host, "nearer than the right one", 5, 0, 0.99f);
        await host.Encoder.KillAsync();
        Wire.Diagnosis low = await DiagnoseAsync(host, ByVector(Axis(0), host), text: Question);
        Assert.Equal(Wire.MissCause.Model, low.Cause);
        Assert.Contains("could not be asked", low.Evidence, StringComparison.Ordinal);
    }

    // The question is axis 0 as a query and axis 1 as a document; the right passage is near axis 0 as a document and axis 2 as a query.
    // Four others lie near axis 1.
    private static async Task<TextHost> StartAsync(Action<Wire.CollectionConfig>? with = null)
    {
        FakeEncoder encoder = await FakeEncoder.StartAsync();
        encoder.Planted = Plant;
        Wire.CollectionConfig config = TextHost.Config(encoder.Descriptor);
        with?.Invoke(config);
        TextHost host = await TextHost.StartAsync(encoder, config);
        await host.Api.UpsertAsync(TextHost.Name, TextHost.Point(Right, Passage));
        await WriteAsync(host, "like the question itself", 4, 1, 0.9f);
        return host;
    }

    private static float[]? Plant(string text, Wire.Side side)
    {
        string[] words = text.Split('@');
        return (text, side) switch
        {
            (Question, Wire.Side.Query) => Axis(0),
            (Question, _) => Axis(1),
            (Passage, Wire.Side.Document) => Axis(0, 0.9f, 40),
            (Passage, _) => Axis(2),
            // "words @axis@share@number" lies near an axis.
            _ when words.Length == 4 => Axis(
                int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture), float.Parse(words[2], System.Globalization.CultureInfo.InvariantCulture),
                41 + int.Parse(words[3], System.Globalization.CultureInfo.InvariantCulture) % 20),
            _ => null,
        };
    }

    private static float[] Axis(int axis, float share = 1, int rest = 63)
    {
        var values = new float[FakeEncoder.Dimension];
        values[axis] = share;
        values[rest] += MathF.Sqrt(1 - share * share);
        return values;
    }

    // Ids from 100 on.
    private static async Task WriteAsync(TextHost host, string words, int count, int axis, float share, string topic = "any")
    {
        ulong first = 100 + await host.Api.CountAsync(TextHost.Name);
        if (words == "far words")
        {
            // One that the rerank model likes, behind the others.
            await host.Api.UpsertAsync(TextHost.Name, TextHost.Point(100, FormattableString.Invariant($"the question answered in full @{axis}@{0.4f}@1")));
        }
        await host.Api.UpsertAsync(
            TextHost.Name,
            [.. Enumerable.Range(0, count).Select(i => TextHost.Point(first + (ulong)i + 100, FormattableString.Invariant($"{words} @{axis}@{share}@{i}"), topic))]);
    }

    // 60 holds the answer behind 100 words that say nothing; 61 holds nothing at all; others hold one word of it at their start.
    private static Task WriteLongAsync(TextHost host)
    {
        string filler = string.Join(' ', Enumerable.Range(0, 100).Select(static i => $"filler{i}"));
        string more = string.Join(' ', Enumerable.Range(100, 20).Select(static i => $"filler{i}"));
        Wire.Point[] near = [.. Enumerable.Range(0, 6).Select(static i => TextHost.Point((ulong)(70 + i), $"needle near{i} other{i} almost"))];
        return host.Api.UpsertAsync(
            TextHost.Name, [TextHost.Point(60, $"{filler} {string.Join(' ', Enumerable.Repeat("needle haystack", 10))}"), TextHost.Point(61, $"{filler} {more}"), .. near]);
    }

    private static Wire.SearchRequest ByText(string text = Question) => new() { Query = new Wire.Query { Text = new Wire.TextQuery { Text = text } }, K = K };

    private static Wire.SearchRequest ByVector(float[] values, TextHost host) => new()
    {
        Query = new Wire.Query
        {
            Vector = SearchHost.Vector(values),
            Origin = new Wire.VectorOrigin { Space = host.Encoder.Space, Side = Wire.Side.Query },
        },
        K = K,
    };

    private static uint Rank(Wire.Diagnosis diagnosis, Wire.DiagnoseStage stage) => diagnosis.Ranks.Single(rank => rank.Stage == stage).Rank;

    private static async Task<Wire.Diagnosis> DiagnoseAsync(
        TextHost host, Wire.SearchRequest search, ulong expected = Right, string text = "", Wire.RerankOptions? rerank = null)
    {
        Wire.DiagnoseReply reply = await host.DiagnoseAsync(new Wire.DiagnoseRequest
        {
            Header = Api.Header(TextHost.Name),
            Items = { new Wire.DiagnoseItem { Search = search, Expected = new Wire.Id { Number = expected }, Text = text } },
            Rerank = rerank,
        });
        Wire.DiagnoseFinding finding = Assert.Single(reply.Findings);
        Assert.True(finding.Diagnosis is not null, $"The item failed: {finding.Error}");
        return finding.Diagnosis;
    }
}
