using SearchEngine.Encoder.Loading;
using SearchEngine.Models.Folder;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Testing;
using SearchEngine.Rpc;
using Xunit;

namespace SearchEngine.Encoder.Tests.Service;

public sealed class DescribeTests
{
    [Fact]
    public async Task Describe_tells_what_makes_the_vectors()
    {
        using var folder = TestFolder.OfAllHeads();
        await using var encoder = await RunningEncoder.StartAsync(folder);
        var model = Assert.Single((await encoder.Api.DescribeAsync()).Models);
        Assert.Equal(TestFolder.AllHeads.Name, model.Model);
        Assert.Equal([Wire.ModelPurpose.Encode, Wire.ModelPurpose.Score, Wire.ModelPurpose.Classify], model.Purposes);
        Assert.Equal(Wire.Sidedness.Asymmetric, model.Encoder.Sidedness);
        Assert.Equal([8u, 16u], model.Encoder.AllowedDimensions);
        Assert.Equal(TestFolder.AllHeads.Classes!.Labels, model.Labels);
        Assert.Equal(["cpu"], model.Providers);
        Assert.Equal("float32", model.Precision);
        Assert.True(model.SelfTestPassed && model.BatchTokens > 0);
        var reply = await encoder.Api.EncodeAsync(new Wire.EncodeOptions { Side = Wire.Side.Query }, "a cat");
        Assert.Equal(model.Fingerprint, reply.Fingerprint);
    }

    [Fact]
    public async Task Several_models_serve_side_by_side_and_the_first_is_the_default()
    {
        using var first = TestFolder.OfAllHeads();
        using var second = TestFolder.OfLookUp(PoolingMode.Mean, PaddingSide.Left);
        EncoderFile.Write(second.Path, new EncoderDescriptor
        {
            Name = "look-up",
            MaxTokens = TestFolder.Positions,
            Dense = new DenseHead("last_hidden_state", TestFolder.Width, []),
        });
        await using var encoder = await RunningEncoder.StartAsync(first, second);
        var models = (await encoder.Api.DescribeAsync()).Models;
        Assert.Equal(["all heads", "look-up"], models.Select(m => m.Model));
        Assert.Equal("look-up", Assert.Single((await encoder.Api.DescribeAsync("look-up")).Models).Model);
        var options = new Wire.EncodeOptions { Side = Wire.Side.Query };
        Assert.Equal(models[0].Fingerprint, (await encoder.Api.EncodeAsync(options, "a cat")).Fingerprint);
        options.Model = "look-up";
        Assert.Equal(models[1].Fingerprint, (await encoder.Api.EncodeAsync(options, "a cat")).Fingerprint);
        await RunningEncoder.RefusedAsync(
            () => encoder.Api.ScoreAsync(new Wire.ScoreRequest { Model = "look-up", Query = "a", Documents = { "b" } }),
            Wire.ErrorReason.OutputUnsupported, "model");
    }

    [Fact]
    public async Task A_model_whose_vectors_changed_does_not_serve_until_it_gives_its_golden_ones_again()
    {
        using var folder = TestFolder.OfAllHeads();
        using (var model = EncoderModel.Open(folder.Path, SharedRuntime.Require()))
            GoldenFile.Write(model, [new GoldenText("a cat", null, EncoderSide.Query, "", [], null, null)]);
        folder.EditJson("encoder.json", root => root["pooling"] = "cls");
        await using var encoder = await RunningEncoder.StartUnreadyAsync(folder);
        var refused = await Assert.ThrowsAsync<EncoderStartException>(() => encoder.Server.Ready);
        Assert.Contains("self-test failed", refused.Message, StringComparison.Ordinal);
        Assert.Contains("all heads", Assert.Single(encoder.Server.Readiness.Reasons).Part, StringComparison.Ordinal);
        var options = new Wire.EncodeOptions { Side = Wire.Side.Query };
        await RunningEncoder.RefusedAsync(() => encoder.Api.EncodeAsync(options, "a cat"), Wire.ErrorReason.EncoderDrift);
        var result = Assert.Single((await encoder.Api.SelfTestAsync()).Results);
        Assert.False(result.Passed);
        Assert.Equal("a cat", result.WorstText);
        Assert.False(Assert.Single((await encoder.Api.DescribeAsync()).Models).SelfTestPassed);
    }

    [Fact]
    public void A_model_that_is_not_warm_yet_is_not_tested_from_outside()
    {
        using var folder = TestFolder.OfAllHeads();
        using var model = new LoadedModel("m", EncoderModel.Open(folder.Path, SharedRuntime.Require()));
        Assert.Equal("STARTING", Assert.Throws<RpcException>(() => ModelShelf.RequireStarted(model)).Reason);
        model.SelfTest(TestContext.Current.CancellationToken);
        ModelShelf.RequireStarted(model);
    }

    [Fact]
    public async Task A_sound_model_passes_its_self_test_whenever_it_is_asked()
    {
        using var folder = TestFolder.OfAllHeads();
        using (var model = EncoderModel.Open(folder.Path, SharedRuntime.Require()))
        {
            GoldenFile.Write(model, [new GoldenText("a cat", null, EncoderSide.Query, "", [], null, null), new GoldenText("a", "b", EncoderSide.Query, "", [], null, null)]);
        }
        await using var encoder = await RunningEncoder.StartAsync(folder);
        var result = Assert.Single((await encoder.Api.SelfTestAsync("all heads")).Results);
        Assert.True(result is { Passed: true, Texts: 2, TokenDifferences: 0, LeastCosine: > 0.9999f }, result.ToString());
        Assert.Empty(encoder.Server.Readiness.Reasons);
    }
}
