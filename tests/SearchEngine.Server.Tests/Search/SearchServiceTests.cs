using SearchEngine.Collections.Filters;
using SearchEngine.Rpc;
using SearchEngine.Server.Calls;
using Xunit;

namespace SearchEngine.Server.Tests.Search;

public sealed class SearchServiceTests
{
    private const int Points = 2_000;

    [Fact]
    public async Task Search_finds_what_brute_force_finds_and_says_how()
    {
        await using SearchHost host = await SearchHost.StartAsync(Points);
        float[] query = SearchHost.Values(new Random(5));
        Wire.SearchRequest request = SearchHost.Request(query, 20);
        request.Accuracy = new Wire.Accuracy { Exact = new Wire.Exact() };
        request.Filter = SearchHost.Topic("t2");
        request.Header.RequestId = "r-1";
        Wire.SearchReply reply = await host.SearchAsync(request);
        ulong[] expected =
        [
            .. Enumerable.Range(1, Points).Where(id => id % 5 == 2)
                .OrderByDescending(id => Cosine(query, SearchHost.Point(id, 1).Vectors["default"].Span)).Take(20).Select(id => (ulong)id),
        ];
        Assert.Equal(expected, reply.Hits.Select(h => h.Id.Number));
        Assert.True(reply.Complete);
        Assert.Equal(Wire.IncompleteReason.Unspecified, reply.IncompleteReason);
        Assert.Equal(Wire.ScoreKind.Cosine, reply.ScoreKind);
        Assert.Equal(Wire.Strategy.ExactScan, reply.Plan.Strategy);
        Assert.Equal((ulong)Points / 5, reply.Plan.MatchCount);
        Assert.Equal((1f, Wire.RecallBasis.Exact), (reply.Recall.Recall, reply.Recall.Basis));
        Assert.Equal("r-1", reply.Header.RequestId);
        Assert.Equal(host.Collection.Sequence, reply.Header.SnapshotVersion);
        Assert.True(reply.Header.Cost.RowsRescored + reply.Header.Cost.RowsScored >= Points / 5, "an exact search scores every match");
        Assert.True(reply.Header.Cost.PredictedCpuMicros > 0);
        Assert.Contains(reply.Header.Warnings, w => w.Kind == Wire.WarningKind.SpaceUnbound);
    }

    [Fact]
    public async Task Hits_carry_what_was_asked_for_and_nothing_else()
    {
        await using SearchHost host = await SearchHost.StartAsync(50);
        Wire.SearchRequest request = SearchHost.Request(SearchHost.Values(new Random(5)), 3);
        Wire.Hit bare = (await host.SearchAsync(request)).Hits[0];
        Assert.True(bare.Point is null && bare.Components.Count == 0, "something came that nobody asked for");
        request.Fields = new Wire.ReturnFields { Attributes = { "topic" }, Texts = { "*" }, Details = { Wire.Detail.Version, Wire.Detail.Components } };
        Wire.Hit full = (await host.SearchAsync(request)).Hits[0];
        Assert.Equal($"t{full.Id.Number % 5}", full.Point.Attributes["topic"].KeywordValue);
        Assert.Single(full.Point.Attributes);
        Assert.StartsWith($"text of {full.Id.Number}:", full.Point.Texts["body"], StringComparison.Ordinal);
        Assert.Equal(1UL, full.Point.Version);
        Assert.True(full.Point.Vector is null);
        Assert.Equal((full.Score, 1u, "dense"), (full.Components[0].Score, full.Components[0].Rank, full.Components[0].Name));
    }

    // A reply is used again for the next search of a thread: a field that SearchReplies does not set would tell one caller of another's search.
    [Fact]
    public void Fields_of_a_reply_that_is_used_again_are_all_known()
    {
        Assert.Equal(
            ["header", "hits", "complete", "incomplete_reason", "score_kind", "plan", "recall", "fingerprint", "text_use", "grouped"],
            Wire.SearchReply.Descriptor.Fields.InFieldNumberOrder().Select(static f => f.Name));
        Assert.Equal(
            ["id", "score", "components", "score_kind", "point", "passage"], Wire.Hit.Descriptor.Fields.InFieldNumberOrder().Select(static f => f.Name));
    }

    [Fact]
    public async Task Reply_that_is_used_again_holds_nothing_of_the_search_before()
    {
        await using SearchHost host = await SearchHost.StartAsync(200);
        Wire.SearchRequest few = SearchHost.Request(SearchHost.Values(new Random(5)), 3);
        var batch = new Wire.SearchBatchRequest { Header = few.Header.Clone(), Searches = { few.Clone() } };
        batch.Searches[0].Header = null;
        for (int i = 0; i < 50; i++)
        {
            Wire.SearchRequest many = SearchHost.Request(SearchHost.Values(new Random(i)), 20);
            many.Header.RequestId = "other";
            Assert.Equal(20, (await host.SearchAsync(many)).Hits.Count);
            Wire.SearchReply reply = await host.SearchAsync(few);
            Wire.SearchBatchReply alone = await host.Channel.UnaryAsync(SearchHost.Batch, batch, cancellation: TestContext.Current.CancellationToken);
            Assert.Equal(alone.Items[0].Reply.Hits, reply.Hits);
            Assert.Equal("", reply.Header.RequestId);
        }
    }

    [Fact]
    public async Task Search_by_id_searches_with_the_stored_vector_and_leaves_the_point_out()
    {
        await using SearchHost host = await SearchHost.StartAsync(500);
        Wire.SearchRequest byVector = SearchHost.Request(SearchHost.Point(77, 1).Vectors["default"].ToArray(), 11);
        Wire.SearchRequest byId = byVector.Clone();
        byId.Query = new Wire.Query { Id = new Wire.Id { Number = 77 } };
        byId.K = 10;
        Wire.SearchReply found = await host.SearchAsync(byId), expected = await host.SearchAsync(byVector);
        Assert.Equal(77UL, expected.Hits[0].Id.Number);
        Assert.Equal(expected.Hits.Skip(1).Select(h => h.Id.Number), found.Hits.Select(h => h.Id.Number));
        Assert.Equal(499UL, found.Plan.MatchCount);
    }

    [Fact]
    public async Task Caller_with_an_injected_filter_sees_what_an_owner_sees_who_adds_it()
    {
        var hidden = new Filter { Must = [new Condition.EqualTo("topic", SearchEngine.Collections.Documents.AttributeValue.OfKeyword("t1"))] };
        await using SearchHost owner = await SearchHost.StartAsync(1_000);
        await using SearchHost guest = await SearchHost.StartAsync(1_000, caller: new Caller("guest", Permissions.Read, hidden));
        var random = new Random(3);
        for (int i = 0; i < 30; i++)
        {
            Wire.SearchRequest request = SearchHost.Request(SearchHost.Values(random), 10);
            Wire.SearchReply seen = await guest.SearchAsync(request);
            request.Filter = SearchHost.Topic("t1");
            Wire.SearchReply added = await owner.SearchAsync(request);
            Assert.Equal(added.Hits, seen.Hits);
            Assert.Equal((added.Plan.Strategy, added.Plan.MatchCount), (seen.Plan.Strategy, seen.Plan.MatchCount));
        }
        RpcException unseen = await Assert.ThrowsAsync<RpcException>(() => guest.SearchAsync(ById(2)));
        Assert.Equal("POINT_UNKNOWN", unseen.Reason);
        Assert.NotEmpty((await guest.SearchAsync(ById(6))).Hits);
    }

    [Fact]
    public async Task Batch_answers_item_by_item_and_equals_single_searches()
    {
        await using SearchHost host = await SearchHost.StartAsync(Points);
        var random = new Random(8);
        var batch = new Wire.SearchBatchRequest { Header = new Wire.RequestHeader { Collection = SearchHost.Name } };
        Wire.SearchRequest[] searches = [.. Enumerable.Range(0, 20).Select(_ => RandomSearches.Make(random, Points))];
        foreach (Wire.SearchRequest search in searches)
        {
            Wire.SearchRequest item = search.Clone();
            item.Header = null;
            batch.Searches.Add(item);
        }
        batch.Searches.Add(new Wire.SearchRequest { Query = new Wire.Query { Vector = SearchHost.Vector(new float[5]) } });
        Wire.SearchBatchReply reply = await host.Channel.UnaryAsync(SearchHost.Batch, batch, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(21, reply.Items.Count);
        for (int i = 0; i < searches.Length; i++)
        {
            Assert.Equal((await host.SearchAsync(searches[i])).Hits, reply.Items[i].Reply.Hits);
        }
        Wire.ItemError error = reply.Items[20].Error;
        Assert.Equal((Wire.ErrorReason.DimensionMismatch, (uint)StatusCode.InvalidArgument, "64", "5"), (error.Reason, error.Code, error.Expected, error.Actual));
        Assert.StartsWith("query.vector", error.Field, StringComparison.Ordinal);
        Assert.NotEmpty(error.Fix);
    }

    [Fact]
    public async Task Batch_of_rows_shares_everything_but_the_vector()
    {
        await using SearchHost host = await SearchHost.StartAsync(500);
        float[][] rows = [.. Enumerable.Range(0, 4).Select(i => SearchHost.Values(new Random(i)))];
        var batch = new Wire.SearchBatchRequest
        {
            Header = new Wire.RequestHeader { Collection = SearchHost.Name },
            Shared = new Wire.SearchRequest { K = 3, Filter = SearchHost.Topic("t4") },
            Queries = new Wire.MultiVector { Dimension = SearchHost.Dimension, Data = SearchHost.Vector([.. rows.SelectMany(r => r)]).Data },
        };
        Wire.SearchBatchReply reply = await host.Channel.UnaryAsync(SearchHost.Batch, batch, cancellation: TestContext.Current.CancellationToken);
        for (int i = 0; i < rows.Length; i++)
        {
            Wire.SearchRequest one = SearchHost.Request(rows[i], 3);
            one.Filter = SearchHost.Topic("t4");
            Assert.Equal((await host.SearchAsync(one)).Hits, reply.Items[i].Reply.Hits);
        }
    }

    [Fact]
    public async Task Reply_stays_under_the_limit_by_leaving_out_what_is_optional()
    {
        await using SearchHost host = await SearchHost.StartAsync(500);
        Wire.SearchRequest request = SearchHost.Request(SearchHost.Values(new Random(5)), 100);
        request.Fields = new Wire.ReturnFields { Attributes = { "*" }, Texts = { "*" }, Vectors = { "*" } };
        Wire.SearchReply whole = await host.SearchAsync(request);
        foreach (int limit in new[] { whole.CalculateSize() - 200, 12_000, 5_000 })
        {
            request.Header.MaxReplyBytes = (uint)limit;
            Wire.SearchReply reply = await host.SearchAsync(request);
            Assert.True(reply.CalculateSize() <= limit, $"{reply.CalculateSize()} bytes came, {limit} were allowed");
            Assert.Equal(whole.Hits.Select(h => (h.Id, h.Score)), reply.Hits.Select(h => (h.Id, h.Score)));
            Assert.Contains(reply.Header.Warnings, w => w.Kind == Wire.WarningKind.ReplyShortened && w.Field == "fields.vectors");
            Assert.All(reply.Hits, hit => Assert.True(hit.Point?.Vector is null));
        }
        request.Header.MaxReplyBytes = 600;
        RpcException tooLarge = await Assert.ThrowsAsync<RpcException>(() => host.SearchAsync(request));
        Assert.Equal(("MESSAGE_TOO_LARGE", StatusCode.ResourceExhausted), (tooLarge.Reason, tooLarge.Code));
        Assert.NotEmpty(tooLarge.Facts["stream"]);
    }

    [Fact]
    public async Task Time_that_is_over_ends_in_a_partial_answer_only_where_it_is_allowed()
    {
        await using SearchHost host = await SearchHost.StartAsync(20_000);
        Wire.SearchRequest request = SearchHost.Request(SearchHost.Values(new Random(5)), 10);
        request.Accuracy = new Wire.Accuracy { Exact = new Wire.Exact() };
        request.Budget = new Wire.Budget { TimeMicros = 1, OnExpiry = Wire.PartialPolicy.Allow };
        Wire.SearchReply partial = await host.SearchAsync(request);
        Assert.Equal((false, Wire.IncompleteReason.Time), (partial.Complete, partial.IncompleteReason));
        request.Budget.OnExpiry = Wire.PartialPolicy.Refuse;
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => host.Channel.UnaryAsync(
            SearchHost.Search, request, new Rpc.Client.CallOptions { Retry = Rpc.Client.RetryPolicy.None }, TestContext.Current.CancellationToken));
        Assert.Contains(refused.Reason, new[] { "PREDICTED_LATE", "DEADLINE" });
        Assert.NotEmpty(refused.Facts["fix"]);
    }

    [Fact]
    public async Task Explain_tells_ranks_conditions_scores_and_why_a_point_is_missing()
    {
        await using SearchHost host = await SearchHost.StartAsync(1_000);
        Wire.SearchRequest search = SearchHost.Request(SearchHost.Values(new Random(5)), 5);
        search.Accuracy = new Wire.Accuracy { Exact = new Wire.Exact() };
        Wire.SearchReply reply = await host.SearchAsync(search);
        Wire.ExplainReply second = await ExplainAsync(host, search, reply.Hits[1].Id.Number);
        Assert.Equal((2u, 2u, Wire.MissCause.Unspecified), (second.Rank, second.ExactRank, second.MissCause));
        Assert.Equal(reply.Hits[0].Id, second.OutrankedBy.Id);
        Assert.Equal(reply.Hits[1].Score, second.Hit.Score);
        Assert.Equal([32u, 64u], second.Variants.Select(v => v.Dimension));
        Assert.Equal(second.Hit.Score, second.Variants[1].Score);

        Wire.SearchReply more = await host.SearchAsync(new Wire.SearchRequest(search) { K = 8 });
        Wire.ExplainReply eighth = await ExplainAsync(host, search, more.Hits[7].Id.Number);
        Assert.Equal((0u, 8u, Wire.MissCause.Model), (eighth.Rank, eighth.ExactRank, eighth.MissCause));

        // A budget would cut the search short, but not what is found out about it.
        search.Budget = new Wire.Budget { TimeMicros = 1, OnExpiry = Wire.PartialPolicy.Allow };
        Wire.ExplainReply hurried = await ExplainAsync(host, search, more.Hits[7].Id.Number);
        Assert.Equal((0u, 8u, Wire.MissCause.Model), (hurried.Rank, hurried.ExactRank, hurried.MissCause));

        ulong best = reply.Hits[0].Id.Number;
        search.Filter = SearchHost.Topic($"t{(best + 1) % 5}");
        Wire.ExplainReply filtered = await ExplainAsync(host, search, best);
        Assert.Equal(Wire.MissCause.Filter, filtered.MissCause);
        Assert.Equal(("filter.must[0]", false, $"t{best % 5}"), (filtered.Conditions[0].Path, filtered.Conditions[0].Met, filtered.Conditions[0].Value.KeywordValue));
        Assert.Equal("POINT_UNKNOWN", (await Assert.ThrowsAsync<RpcException>(() => ExplainAsync(host, search, 999_999))).Reason);
    }

    [Fact]
    public async Task Explain_answers_for_the_deepest_filter_and_refuses_one_condition_too_many_by_name()
    {
        await using SearchHost host = await SearchHost.StartAsync(100);
        Wire.SearchRequest search = SearchHost.Request(SearchHost.Values(new Random(5)), 5);
        search.Filter = SearchHost.Topic("t1");
        for (int level = 1; level < SearchEngine.Collections.Filters.Filter.MaxDepth; level++)
        {
            search.Filter = new Wire.Filter { Must = { new Wire.Condition { Filter = search.Filter } } };
        }
        ulong best = (await host.SearchAsync(search)).Hits[0].Id.Number;
        Assert.Equal((1u, 1u), ((await ExplainAsync(host, search, best)) is { } deep ? (deep.Rank, deep.ExactRank) : default));

        search.Filter = new Wire.Filter();
        for (int i = 0; i < SearchEngine.Collections.Filters.Filter.MaxConditions; i++)
        {
            search.Filter.Must.Add(SearchHost.Topic("t1").Must);
        }
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => ExplainAsync(host, search, best));
        Assert.Equal((StatusCode.InvalidArgument, "LIMIT_EXCEEDED"), (refused.Code, refused.Reason));
    }

    private static Task<Wire.ExplainReply> ExplainAsync(SearchHost host, Wire.SearchRequest search, ulong id) => host.Channel.UnaryAsync(
        SearchHost.Explain, new Wire.ExplainRequest { Search = search, Id = new Wire.Id { Number = id } }, cancellation: TestContext.Current.CancellationToken);

    private static Wire.SearchRequest ById(ulong id) => new()
    {
        Header = new Wire.RequestHeader { Collection = SearchHost.Name },
        Query = new Wire.Query { Id = new Wire.Id { Number = id } },
    };

    private static double Cosine(float[] left, ReadOnlySpan<float> right)
    {
        double dot = 0, l = 0, r = 0;
        for (int i = 0; i < left.Length; i++)
        {
            dot += (double)left[i] * right[i];
            l += (double)left[i] * left[i];
            r += (double)right[i] * right[i];
        }
        return dot / Math.Sqrt(l * r);
    }
}
