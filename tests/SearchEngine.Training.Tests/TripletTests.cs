using System.Text.Json;
using SearchEngine.Models.Inference;
using SearchEngine.Testing;
using SearchEngine.Training.Corpus;
using SearchEngine.Training.Mining;
using Xunit;

namespace SearchEngine.Training.Tests;

public sealed class TripletTests
{
    private const int Planted = 24;

    [Fact]
    public void Planted_false_negatives_are_left_out_and_true_ones_stay()
    {
        using var temp = new TempDirectory();
        using var runtime = Runtime.LoadOrSkip();
        var passages = Corpora.BySubject(240, 1);
        // The same text with its sentences in another order answers the same query.
        var planted = passages.Take(Planted).Select(passage => passage with
        {
            Id = "again " + passage.Id,
            Title = "",
            Text = string.Join(" . ", passage.Text.Split(" . ").Reverse()),
        });
        List<Passage> corpus = [.. passages, .. planted];
        ModelTrainer.Train(
            corpus, [], new TrainingOptions { Vocabulary = 600, Dimension = 64, Steps = 60, Batch = 32, Threads = 2, MaxTokens = 64 }, temp.Path, null);
        List<(string Query, string DocumentId)> pairs = [.. passages.Take(Planted).Select(passage => (passage.Text.Split(" . ")[0], passage.Id))];
        using var encoder = EncoderModel.Open(temp.File(ModelTrainer.EncoderFolder), runtime);
        using var reranker = EncoderModel.Open(temp.File(ModelTrainer.RerankerFolder), runtime);
        var options = new MiningOptions { Skip = 0, Negatives = 8, Depth = 40, Threads = 2 };
        var plain = TripletMiner.Mine(corpus, pairs, encoder, null, options);
        var filtered = TripletMiner.Mine(corpus, pairs, encoder, reranker, options);
        Assert.True(Found(plain) > Planted / 2, $"Only {Found(plain)} of {Planted} planted passages were candidates: the test shows nothing");
        Assert.Equal(0, Found(filtered));
        Assert.True(filtered.FalseNegatives >= Found(plain));
        Assert.True(filtered.Triplets.Average(triplet => triplet.Negatives.Count) > 4, "The filter leaves too little; suspect the margin");
        Assert.All(filtered.Triplets, triplet => Assert.DoesNotContain(triplet.Negatives, negative => negative.Id == triplet.Positive.Id));
    }

    [Fact]
    public void A_file_of_triplets_reads_back()
    {
        using var temp = new TempDirectory();
        var triplet = new Triplet("what is \"lift\"", new Passage("p", "Flügel", "hebt\n"), [new Passage("n", "", "wärmt <b> \ud800")]);
        TripletFile.Write(temp.File("triplets.jsonl"), [triplet, triplet]);
        var lines = File.ReadAllLines(temp.File("triplets.jsonl"));
        Assert.Equal(2, lines.Length);
        using var json = JsonDocument.Parse(lines[1]);
        Assert.Equal(triplet.Query, json.RootElement.GetProperty("query").GetString());
        Assert.Equal("Flügel hebt\n", json.RootElement.GetProperty("positive").GetString());
        Assert.Equal("wärmt <b> \ufffd", json.RootElement.GetProperty("negatives")[0].GetString());
        Assert.Equal("n", json.RootElement.GetProperty("negative_ids")[0].GetString());
    }

    [Fact]
    public void Pairs_of_unknown_documents_and_corpora_without_pairs_are_refused()
    {
        using var temp = new TempDirectory();
        using var runtime = Runtime.LoadOrSkip();
        var passages = Corpora.BySubject(40, 1);
        ModelTrainer.Train(passages, [("query", "d1")], new TrainingOptions { Vocabulary = 400, Dimension = 32, Steps = 10, MaxTokens = 32 }, temp.Path, null);
        using var encoder = EncoderModel.Open(temp.File(ModelTrainer.EncoderFolder), runtime);
        Assert.Throws<CorpusException>(() => TripletMiner.Mine(passages, [("query", "nobody")], encoder, null, new MiningOptions()));
        Assert.Throws<CorpusException>(() => TripletMiner.Mine([new Passage("1", "", "text")], [], encoder, null, new MiningOptions()));
        Assert.Throws<ArgumentException>(() => TripletMiner.Mine(passages, [], encoder, null, new MiningOptions { Depth = 2 }));
    }

    private static int Found(MiningReport report) =>
        report.Triplets.Count(triplet => triplet.Negatives.Any(negative => negative.Id == "again " + triplet.Positive.Id));
}
