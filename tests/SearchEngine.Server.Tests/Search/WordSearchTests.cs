using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Search;
using Xunit;

namespace SearchEngine.Server.Tests.Search;

/// <summary>Searches by words, and by words and a vector together, against the library and against a fusion of the two lists.</summary>
public sealed class WordSearchTests
{
    private const int Points = 2_000;
    private const double Tolerance = 1e-6;

    [Fact]
    public async Task Words_find_what_the_library_finds_and_the_reply_says_how()
    {
        await using SearchHost host = await SearchHost.StartAsync(Points, flushEvery: 1_000);
        var random = new Random(11);
        for (int i = 0; i < 30; i++)
        {
            string words = SearchHost.Words(random, 1 + i % 4);
            var wanted = new TextSearchRequest
            {
                Query = words,
                Match = i % 3 == 0 ? WordMatch.All : WordMatch.Any,
                Count = 20,
                Filter = new Filter { Must = [new Condition.EqualTo("topic", AttributeValue.OfKeyword("t2"))] },
            };
            SearchResult expected = host.Collection.SearchPostings(wanted).Result;
            Wire.SearchRequest request = SearchHost.Request(SearchHost.Lexical(words), 20);
            request.Query.Lexical.Match = i % 3 == 0 ? Wire.WordMatch.All : Wire.WordMatch.Any;
            request.Filter = SearchHost.Topic("t2");
            request.Fields = new Wire.ReturnFields { Details = { Wire.Detail.Components } };
            Wire.SearchReply reply = await host.SearchAsync(request);
            Assert.Equal(expected.Hits.Select(static h => (h.Id.Number, h.Score)), reply.Hits.Select(static h => (h.Id.Number, h.Score)));
            Assert.All(reply.Hits, h => Assert.Equal(2UL, h.Id.Number % 5));
            Assert.Equal((true, Wire.ScoreKind.Bm25, Wire.Strategy.Postings), (reply.Complete, reply.ScoreKind, reply.Plan.Strategy));
            Assert.Equal((1f, Wire.RecallBasis.Exact), (reply.Recall.Recall, reply.Recall.Basis));
            Assert.Equal((ulong)Points / 5, reply.Plan.MatchCount);
            Assert.Equal((ulong)expected.Plan.Scored, reply.Header.Cost.RowsScored);
            Assert.True(reply.Header.Cost.PredictedCpuMicros > 0, "a search by words was admitted without a prediction");
            Assert.Empty(reply.Header.Warnings);
            Assert.All(reply.Hits.Select(static (h, rank) => (h.Components[0], h.Score, rank)), h =>
                Assert.Equal(("lexical", h.Score, (uint)h.rank + 1, Wire.ScoreKind.Bm25), (h.Item1.Name, h.Item1.Score, h.Item1.Rank, h.Item1.ScoreKind)));
        }
    }

    [Fact]
    public async Task All_words_asked_for_are_in_every_hit_and_no_such_point_is_left_out()
    {
        await using SearchHost host = await SearchHost.StartAsync(Points, flushEvery: 1_000);
        Wire.SearchRequest request = SearchHost.Request(SearchHost.Lexical("w0 w7"), 1_000);
        request.Query.Lexical.Match = Wire.WordMatch.All;
        ulong[] expected = [.. Enumerable.Range(1, Points).Where(static id => Has(id, "w0") && Has(id, "w7")).Select(static id => (ulong)id)];
        Assert.InRange(expected.Length, 10, 999);
        Assert.Equal(expected, (await host.SearchAsync(request)).Hits.Select(static h => h.Id.Number).Order());
        request.Query.Lexical.Text = "w0 nowhere";
        Assert.Empty((await host.SearchAsync(request)).Hits);
    }

    [Theory]
    [InlineData("ranks")]
    [InlineData("bounds")]
    [InlineData("range")]
    public async Task Hybrid_search_is_the_fusion_of_its_lists_and_every_hit_says_what_each_gave(string kind)
    {
        await using SearchHost host = await SearchHost.StartAsync(Points, flushEvery: 1_000);
        var random = new Random(12);
        for (int i = 0; i < 15; i++)
        {
            Wire.SearchRequest vector = SearchHost.Request(SearchHost.Values(random), 60), words = SearchHost.Request(SearchHost.Lexical(SearchHost.Words(random, 3)), 100);
            (vector.Filter, words.Filter) = (SearchHost.Topic("t3"), SearchHost.Topic("t3"));
            vector.Accuracy = new Wire.Accuracy { Exact = new Wire.Exact() };
            var request = new Wire.SearchRequest
            {
                Header = vector.Header,
                Hybrid = new Wire.HybridQuery
                {
                    Components =
                    {
                        new Wire.Component { Query = vector.Query, Weight = 3, Candidates = 60, Name = "meaning" },
                        new Wire.Component { Query = words.Query },
                    },
                    Fusion = FusionOf(kind),
                },
                K = 15,
                Offset = 2,
                Filter = vector.Filter,
                Accuracy = vector.Accuracy,
            };
            Wire.SearchReply reply = await host.SearchAsync(request);
            Wire.SearchReply[] lists = [await host.SearchAsync(vector), await host.SearchAsync(words)];
            double bound = kind == "bounds" ? await GreatestScoreAsync(host, words.Query.Lexical.Text) : 0;
            (ulong Id, double Score)[] expected = [.. Fused(lists, [3, 1], kind, bound).Skip(2).Take(15)];
            Assert.Equal(expected.Select(static e => e.Id), reply.Hits.Select(static h => h.Id.Number));
            for (int h = 0; h < expected.Length; h++)
            {
                Wire.Hit hit = reply.Hits[h];
                Assert.True(Math.Abs(expected[h].Score - hit.Score) < Tolerance, $"query {i}, hit {h} scores {hit.Score}, the reference {expected[h].Score}");
                Assert.True(Math.Abs(hit.Score - hit.Components.Sum(static c => (double)c.Contribution)) < Tolerance, "the components do not add up to the score");
                for (int list = 0; list < 2; list++)
                {
                    Wire.ComponentScore? told = hit.Components.FirstOrDefault(c => c.Name == (list == 0 ? "meaning" : "lexical"));
                    int rank = lists[list].Hits.Select(static x => x.Id.Number).ToList().IndexOf(hit.Id.Number) + 1;
                    Assert.Equal(rank, (int)(told?.Rank ?? 0));
                    Assert.Equal(rank == 0 ? 0 : lists[list].Hits[rank - 1].Score, told?.Score ?? 0);
                }
            }
            Assert.Equal(kind == "ranks" ? Wire.ScoreKind.ReciprocalRank : Wire.ScoreKind.Convex, reply.ScoreKind);
            Assert.Equal(Wire.Strategy.Fusion, reply.Plan.Strategy);
            Assert.Equal([Wire.Strategy.ExactScan, Wire.Strategy.Postings], reply.Plan.Components.Select(static p => p.Strategy));
            Assert.True(reply.Complete && reply.Recall.Basis == Wire.RecallBasis.Exact, "both lists are exact, so the fused one is");
            Assert.Contains(reply.Header.Warnings, w => w is { Kind: Wire.WarningKind.SpaceUnbound, Field: "hybrid.components[0].query.origin" });
        }
    }

    [Fact]
    public async Task Thresholds_of_components_hold_and_a_point_that_is_a_query_is_no_hit_of_any()
    {
        await using SearchHost host = await SearchHost.StartAsync(Points);
        string words = SearchHost.Point(77, 1).Texts["body"];
        var request = new Wire.SearchRequest
        {
            Header = new Wire.RequestHeader { Collection = SearchHost.Name },
            Hybrid = new Wire.HybridQuery
            {
                Components =
                {
                    new Wire.Component { Query = new Wire.Query { Id = new Wire.Id { Number = 77 } }, MinScore = 0.8f },
                    new Wire.Component { Query = SearchHost.Lexical(words), MinScore = 3 },
                },
            },
            K = 200,
        };
        Wire.SearchReply reply = await host.SearchAsync(request);
        Assert.NotEmpty(reply.Hits);
        Assert.DoesNotContain(reply.Hits, static h => h.Id.Number == 77);
        Assert.All(reply.Hits.SelectMany(static h => h.Components), static c => Assert.True(c.Score >= (c.Name == "dense" ? 0.8f : 3f), $"{c} is below its threshold"));
    }

    [Fact]
    public async Task Time_that_is_over_ends_words_and_hybrids_in_a_partial_answer_only_where_it_is_allowed()
    {
        await using SearchHost host = await SearchHost.StartAsync(Points);
        Wire.SearchRequest words = SearchHost.Request(SearchHost.Lexical("w0 w1"));
        var hybrid = new Wire.SearchRequest { Header = words.Header, Hybrid = new Wire.HybridQuery { Components = { new Wire.Component { Query = words.Query } } } };
        foreach (Wire.SearchRequest request in new[] { words, hybrid })
        {
            request.Budget = new Wire.Budget { TimeMicros = 1, OnExpiry = Wire.PartialPolicy.Allow };
            Wire.SearchReply partial = await host.SearchAsync(request);
            Assert.Equal((false, Wire.IncompleteReason.Time), (partial.Complete, partial.IncompleteReason));
            Assert.Equal(Wire.RecallBasis.None, partial.Recall.Basis);
            request.Budget.OnExpiry = Wire.PartialPolicy.Refuse;
            Rpc.RpcException refused = await Assert.ThrowsAsync<Rpc.RpcException>(() => host.Channel.UnaryAsync(
                SearchHost.Search, request, new Rpc.Client.CallOptions { Retry = Rpc.Client.RetryPolicy.None }, TestContext.Current.CancellationToken));
            Assert.Contains(refused.Reason, new[] { "PREDICTED_LATE", "DEADLINE" });
        }
    }

    [Fact]
    public async Task Explain_tells_what_each_query_and_each_word_makes_of_a_point_found_or_not()
    {
        await using SearchHost host = await SearchHost.StartAsync(Points, flushEvery: 1_000);
        var search = new Wire.SearchRequest
        {
            Header = new Wire.RequestHeader { Collection = SearchHost.Name },
            Hybrid = new Wire.HybridQuery
            {
                Components =
                {
                    new Wire.Component { Query = new Wire.Query { Vector = SearchHost.Vector(SearchHost.Values(new Random(4))) } },
                    new Wire.Component { Query = SearchHost.Lexical("w3 w9 w20") },
                },
            },
            K = 5,
            Accuracy = new Wire.Accuracy { Exact = new Wire.Exact() },
        };
        Wire.SearchReply whole = await host.SearchAsync(new Wire.SearchRequest(search) { K = 1_000 }), reply = await host.SearchAsync(search);
        Wire.ExplainReply second = await ExplainAsync(host, search, reply.Hits[1].Id.Number);
        Assert.Equal((2u, 2u, Wire.MissCause.Unspecified), (second.Rank, second.ExactRank, second.MissCause));
        Assert.Equal((reply.Hits[0].Id, reply.Hits[1].Score), (second.OutrankedBy.Id, second.Hit.Score));
        Assert.Equal(["dense", "lexical"], second.Hit.Components.Select(static c => c.Name));
        Assert.True(
            Math.Abs(second.Terms.Sum(static t => t.Contribution) - second.Hit.Components[1].Score) < Tolerance * 10,
            $"the words add {second.Terms} to {second.Hit.Components[1]}");
        Assert.All(second.Terms, t => Assert.True(t.Component == "lexical" && Has((int)reply.Hits[1].Id.Number, t.Term), $"{t} is not in the text"));

        // A component has it among its first five, the fusion behind them.
        Wire.Hit lost = whole.Hits.Skip(5).First(static h => h.Components.Any(static c => c.Rank is > 0 and <= 5));
        Wire.ExplainReply fused = await ExplainAsync(host, search, lost.Id.Number);
        Assert.Equal((0u, Wire.MissCause.Fusion), (fused.Rank, fused.MissCause));

        Wire.SearchRequest words = SearchHost.Request(SearchHost.Lexical("w3 nowhere"), 5);
        ulong without = (ulong)Enumerable.Range(1, Points).First(static id => !Has(id, "w3"));
        Wire.ExplainReply nowhere = await ExplainAsync(host, words, without);
        Assert.Equal((0u, Wire.MissCause.Model), (nowhere.Rank, nowhere.MissCause));
        Assert.Empty(nowhere.Terms);
        ulong with = (ulong)Enumerable.Range(1, Points).Last(static id => Has(id, "w3"));
        Wire.ExplainReply there = await ExplainAsync(host, words, with);
        Assert.Equal("w3", Assert.Single(there.Terms).Term);
        Assert.Equal(there.Hit.Score, there.Terms[0].Contribution);
        Assert.True(there.ExactRank > 0, "a point with a word of the query has a rank");
    }

    private static Task<Wire.ExplainReply> ExplainAsync(SearchHost host, Wire.SearchRequest search, ulong id) => host.Channel.UnaryAsync(
        SearchHost.Explain, new Wire.ExplainRequest { Search = search, Id = new Wire.Id { Number = id } }, cancellation: TestContext.Current.CancellationToken);

    private static bool Has(int id, string word) => SearchHost.Point(id, 1).Texts["body"].Split(' ').Contains(word);

    // What no score surpasses: a word of a text that is nothing else, and that often, approaches its weight.
    private static async Task<double> GreatestScoreAsync(SearchHost host, string words)
    {
        double sum = 0;
        foreach (string word in words.Split(' '))
        {
            long having = (await host.SearchAsync(SearchHost.Request(SearchHost.Lexical(word), 10_000))).Hits.Count;
            sum += Math.Log(1 + (Points - having + 0.5) / (having + 0.5));
        }
        return sum;
    }

    private static Wire.Fusion FusionOf(string kind) => kind == "ranks"
        ? new Wire.Fusion { ReciprocalRank = new Wire.ReciprocalRankFusion { RankConstant = 20 } }
        : new Wire.Fusion { Convex = new Wire.ConvexFusion { Scaling = kind == "range" ? Wire.ScoreScaling.MinMax : Wire.ScoreScaling.Unspecified } };

    private static IEnumerable<(ulong Id, double Score)> Fused(Wire.SearchReply[] lists, double[] weights, string kind, double greatest)
    {
        var sums = new Dictionary<ulong, double>();
        for (int list = 0; list < lists.Length; list++)
        {
            IList<Wire.Hit> hits = lists[list].Hits;
            for (int i = 0; i < hits.Count; i++)
            {
                double share = kind switch
                {
                    "ranks" => weights[list] / (20 + i + 1),
                    "range" => weights[list] / weights.Sum() * (hits[i].Score - hits[^1].Score) / ((double)hits[0].Score - hits[^1].Score),
                    _ => weights[list] / weights.Sum() * (list == 0 ? (hits[i].Score + 1.0) / 2 : hits[i].Score / greatest),
                };
                sums[hits[i].Id.Number] = sums.GetValueOrDefault(hits[i].Id.Number) + share;
            }
        }
        return sums.OrderByDescending(static s => s.Value).ThenBy(static s => s.Key).Select(static s => (s.Key, s.Value));
    }
}
