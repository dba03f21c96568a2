using Xunit;

namespace SearchEngine.Server.Tests.Encoders;

/// <summary>Updates of one collection at the same time, none of which expects a version: each changes what the others have made.</summary>
public sealed class ConcurrentUpdateTests
{
    private const string OldBuild = "b1-ffffffffffffffffffffffffffffffff";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CanariesReplacedWhileABuildIsChecked_Stay_AndTheBuildIsCheckedByThem()
    {
        await using TextHost host = await StartAsync();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Encoder.OnEncode = (_, _) =>
        {
            asked.TrySetResult();
            return answer.Task;
        };
        Task accepted = UpdateAsync(host, r => r.AcceptBuilds.Add(new Wire.BuildAcceptance { Build = host.Encoder.Build }));
        await asked.Task.WaitAsync(Patience, Stop);

        await UpdateAsync(host, r => r.Canaries[""] = Canaries(host.Encoder, "a cow", "a pig"));
        answer.SetResult();
        await accepted.WaitAsync(Patience, Stop);

        Wire.SpaceBinding binding = (await host.Api.DescribeAsync(TextHost.Name)).Config.Vectors[0].Space;
        Assert.Equal(["a cow", "a pig"], binding.Canaries.Select(static c => c.Text));
        Assert.Equal(host.Encoder.Build, binding.Build);
        Assert.Equal(["a cow", "a pig"], host.Encoder.Encodes.Last().Texts);
    }

    [Fact]
    public async Task CanariesReadAgainBecauseTheBindingChanged_SayWhichBuildEncodedThem()
    {
        await using TextHost host = await StartAsync();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Encoder.OnEncode = (request, _) =>
        {
            if (!request.Texts.Contains("a cow")) return Task.CompletedTask;
            asked.TrySetResult();
            return answer.Task;
        };
        Task replaced = UpdateAsync(host, r => r.Canaries[""] = Texts("a cow", "a pig"));
        await asked.Task.WaitAsync(Patience, Stop);

        await UpdateAsync(host, r => r.AcceptBuilds.Add(new Wire.BuildAcceptance { Build = host.Encoder.Build }));
        answer.SetResult();
        await replaced.WaitAsync(Patience, Stop);

        Wire.SpaceBinding binding = (await host.Api.DescribeAsync(TextHost.Name)).Config.Vectors[0].Space;
        Assert.Equal(["a cow", "a pig"], binding.Canaries.Select(static c => c.Text));
        Assert.Equal(2, host.Encoder.Encodes.Count(static e => e.Texts.Contains("a cow")));
        Assert.Equal(host.Encoder.Build, binding.Build);
    }

    [Fact]
    public async Task ManyUpdatesOfDifferentFields_AllHold()
    {
        await using TextHost host = await StartAsync();
        string[] attributes = [.. Enumerable.Range(0, 12).Select(static i => $"attribute-{i}")];
        var updates = new List<Action<Wire.UpdateCollectionRequest>>
        {
            static r => r.Settings = new Wire.CollectionSettings { RecheckShare = 0.5f },
            static r => r.Settings = new Wire.CollectionSettings { CanaryIntervalMicros = 90_000_000 },
            static r => r.Canaries[""] = Texts("a cow", "a pig"),
        };
        updates.AddRange(attributes.Select(static name => (Action<Wire.UpdateCollectionRequest>)(r =>
            r.AddAttributes.Add(new Wire.AttributeSchema { Name = name, Type = Wire.AttributeType.Integer }))));
        updates.AddRange(Enumerable.Repeat<Action<Wire.UpdateCollectionRequest>>(
            r => r.AcceptBuilds.Add(new Wire.BuildAcceptance { Build = host.Encoder.Build }), 12));

        await Task.WhenAll(updates.Select(update => UpdateAsync(host, update))).WaitAsync(Patience, Stop);

        Wire.CollectionConfig config = (await host.Api.DescribeAsync(TextHost.Name)).Config;
        Assert.Equal(["a cow", "a pig"], config.Vectors[0].Space.Canaries.Select(static c => c.Text));
        Assert.Equal(host.Encoder.Build, config.Vectors[0].Space.Build);
        Assert.Equal((0.5f, 90_000_000ul), (config.Settings.RecheckShare, config.Settings.CanaryIntervalMicros));
        Assert.Empty(attributes.Except(config.Attributes.Select(static a => a.Name)));
    }

    // Its canaries are of a build that is not connected; the one that is gives the same.
    private static async Task<TextHost> StartAsync()
    {
        FakeEncoder encoder = await FakeEncoder.StartAsync();
        Wire.CollectionConfig config = TextHost.Config(encoder.Descriptor);
        config.Vectors[0].Space.Build = OldBuild;
        config.Vectors[0].Space.Canaries.Add(Canaries(encoder, "a fox", "a hen").Canaries);
        return await TextHost.StartAsync(encoder, config);
    }

    private static Wire.SpaceCanaries Texts(params string[] texts) => new() { Canaries = { texts.Select(static text => new Wire.Canary { Text = text }) } };

    private static Wire.SpaceCanaries Canaries(FakeEncoder encoder, params string[] texts) => new()
    {
        Canaries = { texts.Select(text => new Wire.Canary { Text = text, Vector = Search.SearchHost.Vector(encoder.VectorOf(text, Wire.Side.Document)) }) },
    };

    private static Task UpdateAsync(TextHost host, Action<Wire.UpdateCollectionRequest> with)
    {
        var request = new Wire.UpdateCollectionRequest { Header = Api.Header(TextHost.Name) };
        with(request);
        return host.Api.CollectionsAsync<Wire.UpdateCollectionRequest, Wire.UpdateCollectionReply>("Update", request);
    }
}
