using SearchEngine.Models.Folder;
using SearchEngine.Models.Inference;
using Xunit;

namespace SearchEngine.Models.Tests.Folder;

public sealed class SelfTestTests
{
    private static readonly GoldenText[] Texts =
    [
        new("red cat", null, EncoderSide.Query, "", [], null, null),
        new("the dog runs", null, EncoderSide.Document, "", [], null, null),
        new("the dog runs", null, EncoderSide.Symmetric, "cluster", [], null, null),
        new("red cat", "the cat sits on the house", EncoderSide.Symmetric, "", [], null, null),
    ];

    [Fact]
    public void The_model_that_wrote_the_golden_texts_passes()
    {
        using var folder = TestFolder.OfAllHeads();
        using var model = folder.Open();
        Assert.Equal(0, model.SelfTest(TestContext.Current.CancellationToken).Texts);
        GoldenFile.Write(model, Texts);
        var report = model.SelfTest(TestContext.Current.CancellationToken);
        Assert.True(report.Passed, report.ToString());
        Assert.Equal(4, report.Texts);
        Assert.InRange(report.LeastCosine, 0.999999, 1.000001);
    }

    [Theory]
    [InlineData("pooling")]
    [InlineData("template")]
    [InlineData("weights")]
    [InlineData("tokenizer")]
    public void Whatever_changes_the_vectors_fails(string change)
    {
        using var folder = TestFolder.OfAllHeads();
        using (var reference = folder.Open())
            GoldenFile.Write(reference, [.. Texts, Texts[0] with { Text = "Red CAT" }]);
        if (change == "pooling")
            EncoderFile.Write(folder.Path, TestFolder.AllHeads with { Pooling = PoolingMode.Cls });
        else if (change == "template")
            EncoderFile.Write(folder.Path, TestFolder.AllHeads with { QueryTemplate = "passage: {text}" });
        else if (change == "weights")
            folder.WriteAllHeads("model.onnx", TestFolder.Seed + 1);
        else
            folder.WriteTokenizer(isUncased: false);
        using var model = folder.Open();
        var report = model.SelfTest(TestContext.Current.CancellationToken);
        Assert.False(report.Passed, $"a change of {change} passed: {report}");
        Assert.Equal(change is "template" or "tokenizer", report.TokenDifferences > 0);
    }

    [Theory]
    [InlineData("""{"format": 1, "texts": [{"text": "a"}]}""", "side")]
    [InlineData("""{"format": 1, "texts": [{"text": "a", "side": "query", "ids": [-1]}]}""", "ids[0]")]
    [InlineData("""{"format": 1, "texts": [{"text": "a", "side": "query", "ids": [], "dense": [1e999]}]}""", "dense")]
    [InlineData("""{"format": 1, "texts": [{"text": "a", "side": "query", "ids": [], "dense": [1]}]}""", "dense")]
    [InlineData("""{"format": 1, "texts": [{"text": "a", "side": "query", "ids": [], "task": "none"}]}""", "task")]
    [InlineData("""{"format": 9, "texts": []}""", "format")]
    public void A_malformed_file_is_refused(string content, string place)
    {
        using var folder = TestFolder.OfAllHeads();
        folder.WriteJson(GoldenFile.FileName, content);
        using var model = folder.Open();
        var fault = Assert.Throws<ModelFolderException>(() => model.SelfTest(TestContext.Current.CancellationToken));
        Assert.Contains(place, fault.Message, StringComparison.Ordinal);
    }
}
