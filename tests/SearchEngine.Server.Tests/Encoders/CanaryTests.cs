using SearchEngine.Rpc;
using Xunit;

namespace SearchEngine.Server.Tests.Encoders;

public sealed class CanaryTests
{
    private const string OtherBuild = "b1-ffffffffffffffffffffffffffffffff";
    private const int ChosenTexts = 32;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ACollectionOfAConnectedEncoder_HoldsThirtyTwoTextsOfBothSides_AndTheBuildThatEncodedThem()
    {
        await using TextHost host = await TextHost.StartAsync();
        Wire.SpaceBinding binding = await BindingAsync(host);
        Assert.Equal((ChosenTexts, host.Encoder.Build), (binding.Canaries.Count, binding.Build));
        Assert.Equal(ChosenTexts, binding.Canaries.Select(static c => c.Text).Distinct(StringComparer.Ordinal).Count());
        foreach (Wire.Side side in (Wire.Side[])[Wire.Side.Query, Wire.Side.Document])
        {
            Assert.Equal(ChosenTexts / 2, binding.Canaries.Count(c => c.Side == side));
        }
        Assert.All(binding.Canaries, static c => Assert.Equal((Wire.ElementType.Float16, (uint)FakeEncoder.Dimension), (c.Vector.ElementType, c.Vector.Dimension)));
    }

    [Fact]
    public async Task TextsOfOursThatTheEncoderMakesNothingOf_AreLeftOut_AndTheCollectionIsMade()
    {
        FakeEncoder encoder = await FakeEncoder.StartAsync();
        encoder.Unknown = "北京";
        await using TextHost host = await TextHost.StartAsync(encoder, TextHost.Config(encoder.Descriptor));
        Wire.SpaceBinding binding = await BindingAsync(host);
        Assert.Equal((ChosenTexts - 1, encoder.Build), (binding.Canaries.Count, binding.Build));
        Assert.DoesNotContain(binding.Canaries, static c => c.Text.Contains("北京", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CanariesOfTheCaller_KeepTheirVectors_OrAreEncoded()
    {
        FakeEncoder encoder = await FakeEncoder.StartAsync();
        Wire.CollectionConfig config = TextHost.Config(encoder.Descriptor);
        Wire.Vector own = new() { Data = Google.Protobuf.ByteString.CopyFrom(new byte[4 * FakeEncoder.Dimension - 4].Concat(BitConverter.GetBytes(1f)).ToArray()) };
        config.Vectors[0].Space.Canaries.Add([new Wire.Canary { Text = "a fox" }, new Wire.Canary { Text = "a hen", Vector = own }]);
        await using TextHost host = await TextHost.StartAsync(encoder, config);
        Wire.SpaceBinding binding = await BindingAsync(host);
        Assert.Equal(["a fox", "a hen"], binding.Canaries.Select(static c => c.Text));
        Assert.Equal(own, binding.Canaries[1].Vector);
        Assert.Equal(2 * FakeEncoder.Dimension, binding.Canaries[0].Vector.Data.Length);
        config = TextHost.Config(encoder.Descriptor);
        config.Vectors[0].Space.Canaries.Add(new Wire.Canary { Text = "" });
        await RunningServer.RefusedAsync(
            () => host.Api.CreateAsync("empty", config), Wire.ErrorReason.FieldRequired, "config.vectors[0].space.canaries[0].text");
    }

    [Fact]
    public async Task AnEncoderThatIsNotConnected_GivesACollectionWithoutCanaries_AndRefusesTextsThatNeedIt()
    {
        await using TextHost host = await TextHost.StartAsync();
        Wire.CollectionConfig config = TextHost.Config(FakeEncoder.Describe('c', Wire.Sidedness.Asymmetric));
        await host.Api.CreateAsync("stranger", config);
        Wire.CollectionDescription made = await host.Api.DescribeAsync("stranger");
        Assert.Empty(made.Config.Vectors[0].Space.Canaries);
        config.Vectors[0].Space.Canaries.Add(new Wire.Canary { Text = "a fox" });
        await RunningServer.RefusedAsync(() => host.Api.CreateAsync("other", config), Wire.ErrorReason.EncoderMismatch);
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(120, false)]
    public async Task Canaries_AreCheckedAgain_AfterTheIntervalOfTheirCollection(int seconds, bool isDue)
    {
        var time = new ShiftedTime();
        await using TextHost host = await TextHost.StartAsync(time: time);
        await UpdateAsync(host, r => r.Settings = new Wire.CollectionSettings { CanaryIntervalMicros = (ulong)seconds * 1_000_000 });
        await host.WriteAsync("cats purr");
        int before = CanariesAsked(host);
        time.Advance(TimeSpan.FromSeconds(61));
        await host.SearchAsync(TextHost.Query("dogs"));
        if (isDue)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            patience.CancelAfter(Patience);
            while (CanariesAsked(host) < before + ChosenTexts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
            }
        }
        else
        {
            Assert.Equal(before, CanariesAsked(host));
        }
    }

    [Fact]
    public async Task AnotherBuildThatGivesTheCanaries_IsUsedWithAWarning_AfterOneCheck()
    {
        await using TextHost host = await TextHost.StartAsync();
        await host.WriteAsync("cats purr");
        Assert.DoesNotContain((await host.SearchAsync(TextHost.Query("cats"))).Header.Warnings, IsBuildChange);
        await ReplaceAsync(host, OtherBuild);
        Wire.Warning warning = Assert.Single((await host.SearchAsync(TextHost.Query("dogs"))).Header.Warnings, IsBuildChange);
        Assert.Contains(OtherBuild, warning.Message, StringComparison.Ordinal);
        Assert.Single((await host.WriteAsync("one", "two")).Header.Warnings, IsBuildChange);
        Assert.Equal(ChosenTexts, CanariesAsked(host));
    }

    [Fact]
    public async Task ABuildThatGivesOtherVectors_EncodesNothing_UntilTheRightOneIsBack()
    {
        await using TextHost host = await TextHost.StartAsync();
        await host.WriteAsync("cats purr");
        string before = host.Encoder.Build;
        host.Encoder.Skew = 0.5f;
        await ReplaceAsync(host, OtherBuild);
        RpcException drift = await RunningServer.RefusedAsync(() => host.SearchAsync(TextHost.Query("dogs")), Wire.ErrorReason.EncoderDrift);
        Assert.Equal($"{ChosenTexts}", drift.Facts["checked"]);
        Assert.InRange(double.Parse(drift.Facts["least_cosine"], System.Globalization.CultureInfo.InvariantCulture), -1, 0.999);
        await RunningServer.RefusedAsync(() => host.WriteAsync("more"), Wire.ErrorReason.EncoderDrift);
        Assert.True(host.Encoder.Encodes.All(static e => e.Texts[0] is not ("dogs" or "more")), "A text went to a build that had failed its canaries.");
        host.Encoder.Skew = 0;
        await ReplaceAsync(host, before);
        Assert.Single((await host.SearchAsync(TextHost.Query("dogs"))).Hits);
    }

    [Fact]
    public async Task OfTwoBuilds_TextsGoToTheOneThatGivesTheCanaries()
    {
        FakeEncoder right = await FakeEncoder.StartAsync();
        await using FakeEncoder wrong = await FakeEncoder.StartAsync();
        (wrong.Build, wrong.Skew) = (OtherBuild, 0.5f);
        Wire.CollectionConfig config = TextHost.Config(right.Descriptor);
        config.Vectors[0].Space.Build = right.Build;
        foreach (string text in (string[])["a fox", "a hen"])
        {
            config.Vectors[0].Space.Canaries.Add(new Wire.Canary { Text = text, Vector = Search.SearchHost.Vector(right.VectorOf(text, Wire.Side.Document)) });
        }
        await using TextHost host = await TextHost.StartAsync(right, config, [wrong.Address, right.Address]);
        for (int i = 0; i < 6; i++)
        {
            Assert.Empty((await host.SearchAsync(TextHost.Query($"dogs {i}"))).Header.Warnings);
        }
        Assert.All(wrong.Encodes, static e => Assert.Equal(["a fox", "a hen"], e.Texts));
    }

    [Fact]
    public async Task CheckCanaries_TellsWhatTheEncoderGivesNow_AndDescribeRemembersIt()
    {
        await using TextHost host = await TextHost.StartAsync();
        Assert.Null((await host.Api.DescribeAsync(TextHost.Name)).Vectors[0].Canaries);
        Wire.CanaryReport right = await CheckAsync(host);
        Assert.Equal((true, (uint)ChosenTexts, host.Encoder.Build), (right.Passed, right.Canaries, right.Fingerprint.Build));
        Assert.InRange(right.LeastCosine, 0.999f, 1.001f);
        Assert.Equal(right, (await host.Api.DescribeAsync(TextHost.Name)).Vectors[0].Canaries);

        host.Encoder.Skew = 0.5f;
        Wire.CanaryReport drifted = await CheckAsync(host);
        Assert.False(drifted.Passed, $"another vector passed with a cosine of {drifted.LeastCosine}");
        Assert.NotEmpty(drifted.WorstText);
        await RunningServer.RefusedAsync(() => host.SearchAsync(TextHost.Query("dogs")), Wire.ErrorReason.EncoderDrift);
        host.Encoder.Skew = 0;
        Assert.True((await CheckAsync(host)).Passed, "the right vectors did not pass");
        Assert.Empty((await host.SearchAsync(TextHost.Query("cows"))).Hits);

        await RunningServer.RefusedAsync(() => CheckAsync(host, "other"), Wire.ErrorReason.VectorUnknown, "vector_name");
        await host.Api.CreateAsync("unbound");
        await RunningServer.RefusedAsync(() => CheckAsync(host, collection: "unbound"), Wire.ErrorReason.EncoderNone, "vector_name");
    }

    [Fact]
    public async Task AcceptedBuild_IsUsedWithoutAWarning_AndOneThatDriftsIsNot()
    {
        await using TextHost host = await TextHost.StartAsync();
        await host.WriteAsync("cats purr");
        await ReplaceAsync(host, OtherBuild);
        Assert.Single((await host.SearchAsync(TextHost.Query("dogs"))).Header.Warnings, IsBuildChange);
        ulong version = (await host.Api.DescribeAsync(TextHost.Name)).ConfigVersion;

        Wire.CollectionDescription changed = await UpdateAsync(host, static r => r.AcceptBuilds.Add(new Wire.BuildAcceptance { Build = OtherBuild }));

        Assert.Equal((version + 1, OtherBuild, ChosenTexts), (changed.ConfigVersion, changed.Config.Vectors[0].Space.Build, changed.Config.Vectors[0].Space.Canaries.Count));
        Assert.Empty((await host.SearchAsync(TextHost.Query("cows"))).Header.Warnings);
        Assert.Equal(OtherBuild, (await BindingAsync(host)).Build);

        await ReplaceAsync(host, "b1-00000000000000000000000000000000");
        host.Encoder.Skew = 0.5f;
        await RunningServer.RefusedAsync(
            () => UpdateAsync(host, static r => r.AcceptBuilds.Add(new Wire.BuildAcceptance { Build = "b1-00000000000000000000000000000000" })), Wire.ErrorReason.EncoderDrift);
        await RunningServer.RefusedAsync(
            () => UpdateAsync(host, static r => r.AcceptBuilds.Add(new Wire.BuildAcceptance { Build = "b1-nobody" })), Wire.ErrorReason.FieldInvalid, "accept_builds[0].build");
        await RunningServer.RefusedAsync(
            () => UpdateAsync(host, static r => r.AcceptBuilds.Add(new Wire.BuildAcceptance())), Wire.ErrorReason.FieldRequired, "accept_builds[0].build");
        Assert.Equal(OtherBuild, (await BindingAsync(host)).Build);
    }

    [Fact]
    public async Task ReplacedCanaries_AreEncodedNow_AndTellDriftFromThenOn()
    {
        await using TextHost host = await TextHost.StartAsync();
        Wire.CollectionDescription changed = await UpdateAsync(
            host, static r => r.Canaries[""] = new Wire.SpaceCanaries { Canaries = { new Wire.Canary { Text = "a fox" }, new Wire.Canary { Text = "a hen", Side = Wire.Side.Query } } });

        Wire.SpaceBinding binding = changed.Config.Vectors[0].Space;
        Assert.Equal(["a fox", "a hen"], binding.Canaries.Select(static c => c.Text));
        Assert.Equal(host.Encoder.Build, binding.Build);
        Assert.All(binding.Canaries, static c => Assert.Equal(2 * FakeEncoder.Dimension, c.Vector.Data.Length));
        Assert.Equal(2u, (await CheckAsync(host)).Canaries);
        host.Encoder.Skew = 0.5f;
        Assert.False((await CheckAsync(host)).Passed, "another vector passed the new canaries");

        await RunningServer.RefusedAsync(
            () => UpdateAsync(host, static r => r.Canaries["other"] = new Wire.SpaceCanaries()), Wire.ErrorReason.VectorUnknown, "canaries");
        await RunningServer.RefusedAsync(
            () => UpdateAsync(host, static r => r.Canaries[""] = new Wire.SpaceCanaries { Canaries = { new Wire.Canary() } }), Wire.ErrorReason.FieldRequired,
            "canaries[].canaries[0].text");
        Assert.Equal(binding, await BindingAsync(host));
    }

    private static async Task<Wire.CollectionDescription> UpdateAsync(TextHost host, Action<Wire.UpdateCollectionRequest> with)
    {
        var request = new Wire.UpdateCollectionRequest { Header = Api.Header(TextHost.Name) };
        with(request);
        return (await host.Api.CollectionsAsync<Wire.UpdateCollectionRequest, Wire.UpdateCollectionReply>("Update", request)).Collection;
    }

    private static async Task<Wire.CanaryReport> CheckAsync(TextHost host, string vector = "", string collection = TextHost.Name) =>
        (await host.Api.CollectionsAsync<Wire.CheckCanariesRequest, Wire.CheckCanariesReply>(
            "CheckCanaries", new Wire.CheckCanariesRequest { Header = Api.Header(collection), VectorName = vector })).Report;

    private static bool IsBuildChange(Wire.Warning warning) => warning.Kind == Wire.WarningKind.BuildChanged;

    private static int CanariesAsked(TextHost host) => host.Encoder.Encodes.Where(static e => e.Texts.Count == ChosenTexts / 2).Sum(static e => e.Texts.Count);

    private static async Task<Wire.SpaceBinding> BindingAsync(TextHost host) => (await host.Api.DescribeAsync(TextHost.Name)).Config.Vectors[0].Space;

    /// <summary>The process is replaced by one of another build, and the server has learned of it: a text has its answer.</summary>
    private static async Task ReplaceAsync(TextHost host, string build)
    {
        await host.Encoder.KillAsync();
        host.Encoder.Build = build;
        await host.Encoder.StartAgainAsync();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(Patience);
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                await host.SearchAsync(TextHost.Query($"ping {attempt}"));
                return;
            }
            catch (RpcException drift) when (drift.Reason == Reasons.NameOf(Wire.ErrorReason.EncoderDrift) && build == OtherBuild)
            {
                return;
            }
            catch (RpcException early) when (early.Code is StatusCode.Unavailable or StatusCode.FailedPrecondition)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
            }
        }
    }
}
