using System.Runtime.CompilerServices;
using SearchEngine.Models.Inference;
using SearchEngine.Training.Judging;
using Xunit;

namespace SearchEngine.Training.Tests;

/// <summary>The committed models: they open, give what they gave when they were made, and hold on a collection they never saw.</summary>
public sealed class DefaultModelTests
{
    private const long MostBytes = 6_000_000;

    [Fact]
    public void Both_fit_into_six_megabytes() => Assert.InRange(
        new[] { ModelTrainer.EncoderFolder, ModelTrainer.RerankerFolder }
            .Sum(name => new DirectoryInfo(FolderOf(name)).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length)),
        1, MostBytes);

    [Theory]
    [InlineData(ModelTrainer.EncoderFolder)]
    [InlineData(ModelTrainer.RerankerFolder)]
    public void It_gives_its_golden_texts(string name)
    {
        using var runtime = Runtime.LoadOrSkip();
        using var model = EncoderModel.Open(FolderOf(name), runtime);
        var report = model.SelfTest();
        Assert.True(report.Passed && report.Texts > 0, $"{report}: is the tokenizer or the graph another than when the model was made?");
    }

    [Fact]
    public void On_texts_of_another_field_it_finds_most_of_what_bm25_finds_and_does_not_hurt_beside_it()
    {
        using var runtime = Runtime.LoadOrSkip();
        var collection = JudgedCollection.Read(SharedCollection.FindOrSkip());
        using var encoder = EncoderModel.Open(FolderOf(ModelTrainer.EncoderFolder), runtime);
        var rankings = CollectionReport.Of(collection, encoder, null, threads: 2).ToDictionary(ranking => ranking.Ranking.Name, StringComparer.Ordinal);
        var share = rankings["encoder"].Ranking.Mean.Recall20 / rankings["BM25"].Ranking.Mean.Recall20;
        Assert.True(share >= 0.8, $"Recall@20 is {share:F3} of BM25's");
        var fused = rankings["BM25 and encoder, half each"].AgainstBm25;
        Assert.False(fused.IsNegative, $"Fusion loses {fused} against BM25");
        var kept = rankings["encoder, 64 elements, rescored by all"].Ranking.Mean.Recall10 / rankings["encoder"].Ranking.Mean.Recall10;
        Assert.True(kept >= 0.9, $"64 elements keep {kept:F3} of recall@10");
    }

    private static string FolderOf(string name, [CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "src", "SearchEngine.Encoder", "models", "default", name);
}
