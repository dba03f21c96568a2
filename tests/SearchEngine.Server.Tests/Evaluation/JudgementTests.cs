using SearchEngine.Rpc;
using SearchEngine.Server.Evaluation.Judged;
using SearchEngine.Server.Tests.Search;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Server.Tests.Evaluation;

public sealed class JudgementTests
{
    [Fact]
    public async Task A_set_is_listed_as_it_was_loaded_survives_a_restart_and_can_be_deleted_once()
    {
        await using JudgedWorld world = await JudgedWorld.StartAsync(6);
        Wire.JudgementsSummary listed = Assert.Single((await world.Evaluation.ListAsync(JudgedWorld.Name)).Sets);
        Assert.Equal((JudgedWorld.Set, 6ul, (ulong)world.Judgements.Count(), 0ul), (listed.Name, listed.Queries, listed.Judgements, listed.UnknownIds));
        Assert.Equal(3ul, listed.Groups["head"]);
        Assert.Equal(3ul, listed.Groups["tail"]);

        await world.Server.RestartAsync();

        var evaluation = new EvaluationApi(world.Server.Channel);
        Assert.Equal(listed, Assert.Single((await evaluation.ListAsync(JudgedWorld.Name)).Sets));
        await evaluation.DeleteAsync(JudgedWorld.Name, JudgedWorld.Set);
        Assert.Empty((await evaluation.ListAsync(JudgedWorld.Name)).Sets);
        await RunningServer.RefusedAsync(() => evaluation.DeleteAsync(JudgedWorld.Name, JudgedWorld.Set), Wire.ErrorReason.JudgementsUnknown, "name");
    }

    [Fact]
    public async Task Loading_again_replaces_and_merging_adds_with_the_newer_judgement_winning()
    {
        await using JudgedWorld world = await JudgedWorld.StartAsync(2);
        Wire.JudgedQuery more = new() { QueryId = "more", Text = "words" };
        Wire.Judgement[] judged = [Judgement("more", 5, 1), Judgement("q0", world.Grades["q0"].Keys.First(), 0)];

        Wire.JudgementsSummary merged = (await world.Evaluation.LoadAsync(
            JudgedWorld.Name, JudgedWorld.Set, [more], judged, header => header.Mode = Wire.JudgementsMode.Merge)).Summary;
        Assert.Equal((3ul, (ulong)world.Judgements.Count() + 1), (merged.Queries, merged.Judgements));

        Wire.JudgementsSummary replaced = (await world.Evaluation.LoadAsync(JudgedWorld.Name, JudgedWorld.Set, [more], judged)).Summary;
        Assert.Equal((1ul, 2ul), (replaced.Queries, replaced.Judgements));
    }

    [Fact]
    public void Merging_beyond_the_bytes_of_a_set_is_refused_and_leaves_it_as_it_was()
    {
        using var folder = new TempDirectory();
        var shelf = new JudgementShelf(folder.Path, mostBytes: 1_000);
        Keep("a");
        RpcException refused = Assert.Throws<RpcException>(() => Keep("b"));
        Assert.Equal("LIMIT_EXCEEDED", refused.Reason);
        Assert.Equal(["a"], shelf.Find("docs", "", "set")!.Value.Set.Queries.Select(static q => q.QueryId));
        // The same query again replaces it.
        Keep("a");

        void Keep(string query)
        {
            var set = new JudgementSet("set");
            set.Add(new Wire.JudgedQuery { QueryId = query, Text = new string('x', 600) });
            shelf.Keep("docs", "", set, Wire.JudgementsMode.Merge, static whole => new Wire.JudgementsSummary { Name = whole.Name });
        }
    }

    [Fact]
    public async Task Ids_the_collection_lacks_are_counted_or_refused_as_asked_and_queries_without_a_relevant_point_are_counted()
    {
        await using JudgedWorld world = await JudgedWorld.StartAsync(1);
        Wire.JudgedQuery[] queries = [new() { QueryId = "a", Text = "one" }, new() { QueryId = "b", Text = "two" }];
        Wire.Judgement[] judged = [Judgement("a", 999_999, 1), Judgement("b", 1, 0)];

        Wire.JudgementsSummary summary = (await world.Evaluation.LoadAsync(JudgedWorld.Name, "set", queries, judged)).Summary;
        Assert.Equal((1ul, 1ul), (summary.UnknownIds, summary.QueriesWithoutRelevant));
        await RunningServer.RefusedAsync(
            () => world.Evaluation.LoadAsync(JudgedWorld.Name, "strict", queries, judged, header => header.UnknownIds = Wire.UnknownIdPolicy.Refuse),
            Wire.ErrorReason.PointUnknown, "judgements.judgements");
        Assert.DoesNotContain((await world.Evaluation.ListAsync(JudgedWorld.Name)).Sets, set => set.Name == "strict");
    }

    [Fact]
    public async Task What_cannot_be_a_set_is_refused_with_its_path_and_changes_nothing()
    {
        await using JudgedWorld world = await JudgedWorld.StartAsync(1);
        await RefusedAsync(Wire.ErrorReason.FrameOrder, "header", new Wire.LoadJudgementsRequest { Queries = new Wire.JudgedQueries() });
        await RefusedAsync(Wire.ErrorReason.FieldRequired, "header.name", Header(""));
        await RefusedAsync(Wire.ErrorReason.FrameOrder, "", Header("set"), Header("set"));
        await RefusedAsync(Wire.ErrorReason.FieldRequired, "queries.queries[0].query_id", Header("set"), Frame(new Wire.JudgedQuery { Text = "x" }));
        await RefusedAsync(Wire.ErrorReason.TextEmpty, "queries.queries[0].text", Header("set"), Frame(new Wire.JudgedQuery { QueryId = "x" }));
        await RefusedAsync(
            Wire.ErrorReason.DimensionMismatch, "queries.queries[0].vector", Header("set"), Frame(new Wire.JudgedQuery { QueryId = "x", Vector = SearchHost.Vector([1, 2]) }));
        await RefusedAsync(
            Wire.ErrorReason.LimitExceeded, "judgements.judgements[0].grade", Header("set"),
            new Wire.LoadJudgementsRequest { Judgements = new Wire.JudgementList { Judgements = { Judgement("x", 1, 1_001) } } });
        await RefusedAsync(
            Wire.ErrorReason.LimitExceeded, "queries.groups", Header("set"),
            Frame([.. Enumerable.Range(0, 70).Select(static i => new Wire.JudgedQuery { QueryId = $"x{i}", Text = "x", Groups = { $"g{i}" } })]));
        Assert.Equal(JudgedWorld.Set, Assert.Single((await world.Evaluation.ListAsync(JudgedWorld.Name)).Sets).Name);

        Task RefusedAsync(Wire.ErrorReason reason, string field, params Wire.LoadJudgementsRequest[] frames) =>
            RunningServer.RefusedAsync(() => world.Evaluation.LoadAsync(frames), reason, field);
    }

    [Fact]
    public async Task A_damaged_file_is_refused_when_it_is_read_and_replaced_by_loading_again()
    {
        await using JudgedWorld world = await JudgedWorld.StartAsync(3);
        string file = Directory.GetFiles(Path.Combine(world.Server.DataDirectory, "judgements"), "*", SearchOption.AllDirectories).Single();
        byte[] bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        foreach (int at in (int[])[0, bytes.Length / 2, bytes.Length - 1])
        {
            byte[] damaged = [.. bytes];
            damaged[at] ^= 0x40;
            await File.WriteAllBytesAsync(file, damaged, TestContext.Current.CancellationToken);
            await RunningServer.RefusedAsync(
                () => world.Evaluation.EvaluateAsync(new Wire.EvaluateRequest { Header = Api.Header(JudgedWorld.Name), Judgements = JudgedWorld.Set }),
                Wire.ErrorReason.Checksum, "judgements");
        }
        await File.WriteAllBytesAsync(file, bytes.AsMemory(0, 20), TestContext.Current.CancellationToken);
        await RunningServer.RefusedAsync(
            () => world.Evaluation.EvaluateAsync(new Wire.EvaluateRequest { Header = Api.Header(JudgedWorld.Name), Judgements = JudgedWorld.Set }),
            Wire.ErrorReason.Checksum, "judgements");
        await world.Evaluation.LoadAsync(JudgedWorld.Name, JudgedWorld.Set, world.Queries, world.Judgements);
        await world.Evaluation.EvaluateAsync(new Wire.EvaluateRequest { Header = Api.Header(JudgedWorld.Name), Judgements = JudgedWorld.Set });
    }

    [Fact]
    public async Task A_collection_of_an_old_name_has_no_judgements_of_the_old_one()
    {
        await using JudgedWorld world = await JudgedWorld.StartAsync(1);
        await world.Server.Api.CollectionsAsync<Wire.DeleteCollectionRequest, Wire.DeleteCollectionReply>(
            "Delete", new Wire.DeleteCollectionRequest { Header = Api.Header(JudgedWorld.Name) });
        await world.Server.Api.CreateAsync(JudgedWorld.Name, SearchHost.Config);
        Assert.Empty((await world.Evaluation.ListAsync(JudgedWorld.Name)).Sets);
    }

    private static Wire.LoadJudgementsRequest Header(string name) =>
        new() { Header = new Wire.JudgementsHeader { Header = Api.Header(JudgedWorld.Name), Name = name } };

    private static Wire.LoadJudgementsRequest Frame(params Wire.JudgedQuery[] queries) => new() { Queries = new Wire.JudgedQueries { Queries = { queries } } };

    private static Wire.Judgement Judgement(string query, ulong id, uint grade) => new() { QueryId = query, Id = new Wire.Id { Number = id }, Grade = grade };
}
