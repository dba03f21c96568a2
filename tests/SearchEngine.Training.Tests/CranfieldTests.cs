using SearchEngine.Models.Inference;
using SearchEngine.Testing;
using SearchEngine.Training.Judging;
using Xunit;

namespace SearchEngine.Training.Tests;

/// <summary>The promises of training without labels, on a real collection where it is at hand.</summary>
public sealed class CranfieldTests
{
    [Fact]
    public void An_encoder_trained_without_labels_beats_bm25_and_its_sides_and_prefixes_are_real()
    {
        using var temp = new TempDirectory();
        using var runtime = Runtime.LoadOrSkip();
        var collection = JudgedCollection.Read(SharedCollection.FindOrSkip());
        ModelTrainer.Train(collection.Documents, [], new TrainingOptions { Threads = 2 }, temp.Path, runtime);
        using var encoder = EncoderModel.Open(Path.Combine(temp.Path, ModelTrainer.EncoderFolder), runtime);
        using var reranker = EncoderModel.Open(Path.Combine(temp.Path, ModelTrainer.RerankerFolder), runtime);
        var rankings = CollectionReport.Of(collection, encoder, reranker, threads: 2).ToDictionary(ranking => ranking.Ranking.Name, StringComparer.Ordinal);
        var table = string.Join("; ", rankings.Values.Select(ranking => $"{ranking.Ranking.Name} {ranking.Ranking.Ndcg.Mean:F3} ({ranking.AgainstBm25})"));
        Assert.True(rankings["encoder, reranked"].AgainstBm25.IsPositive, $"Reranking does not beat BM25 outside its interval: {table}");
        Assert.True(rankings["BM25 and encoder, half each"].AgainstBm25.IsPositive, $"Fusion does not beat BM25 outside its interval: {table}");
        Assert.True(
            rankings["encoder, documents through the query's side"].AgainstEncoder!.Value.IsNegative, $"Swapped sides cost nothing: are they real? {table}");
        var full = rankings["encoder"].Ranking.Mean.Recall10;
        var cut = rankings["encoder, 64 elements, rescored by all"].Ranking.Mean.Recall10;
        Assert.True(cut >= 0.9 * full, $"64 elements keep {cut / full:F3} of the recall; suspect the Matryoshka loss. {table}");
    }
}
