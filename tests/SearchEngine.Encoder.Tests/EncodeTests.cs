using SearchEngine.Models.Testing;
using Xunit;

namespace SearchEngine.Encoder.Tests;

public sealed class EncodeTests
{
    private static readonly string[] Texts =
    [
        "a cat", "the dog runs fast on the red house, night of day", "x", "green tree. blue tree. zebra quartz sphinx",
        "the the the cat sits", "a dog of a cat of a house of a tree of a night of a day runs slow",
    ];

    private static readonly Wire.EncodeOptions Queries = new() { Side = Wire.Side.Query };

    [Fact]
    public async Task Dense_vectors_over_the_wire_equal_the_reference_in_double()
    {
        using var folder = TestFolder.OfAllHeads();
        await using var encoder = await RunningEncoder.StartAsync(folder);
        var reply = await encoder.Api.EncodeAsync(Queries, Texts);
        Assert.Equal(Texts.Length, reply.Items.Count);
        for (var i = 0; i < Texts.Length; i++)
            Vectors.Close(Reference.Dense($"query: {Texts[i]}"), Vectors.Floats(reply.Items[i].Dense), $"\"{Texts[i]}\"");
        Assert.StartsWith("s1-", reply.Fingerprint.Space, StringComparison.Ordinal);
        Assert.True(reply.Batch.Batches > 0 && reply.Header.Cost.Tokens > 0 && reply.Header.Timings.EncodeMicros > 0, "The reply does not say what it cost.");
    }

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
        Assert.Equal(model.Fingerprint, (await encoder.Api.EncodeAsync(Queries, "a cat")).Fingerprint);
    }
}
