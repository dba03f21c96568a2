using SearchEngine.Models.Folder;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Tokenizers;
using SearchEngine.Testing;
using SearchEngine.Training.Corpus;
using SearchEngine.Training.Export;
using SearchEngine.Training.Learning;
using SearchEngine.Training.Numerics;
using SearchEngine.Training.Reranking;
using SearchEngine.Training.Vocabulary;
using Xunit;

namespace SearchEngine.Training.Tests;

public sealed class ExportTests
{
    private const double Tolerance = 1e-5;

    private const int Dimension = 96;

    /// <summary>Pieces that the reranker takes for one word, and pieces that it does not match.</summary>
    private const int OfOneForm = 2, Unmatched = 20;

    private static readonly string[] Texts =
    [
        "sawaa sabwb commonaa", "scwc", "sawaa sawaa sawaa commonab unknownword", string.Join(' ', Enumerable.Repeat("sdwad common", 20)), "!",
    ];

    private readonly IReadOnlyList<string> _pieces = PieceTrainer.Train(
        WordCounts.Of(Corpora.BySubject(120, 4).Select(passage => passage.Whole)), 400);

    [Fact]
    public void The_exported_encoder_is_the_trainers_forward_pass()
    {
        using var temp = new TempDirectory();
        using var runtime = Runtime.LoadOrSkip();
        var tokenizer = VocabularyFile.Load(_pieces);
        var trained = Trained(tokenizer.IdBound);
        ModelFolder.WriteEncoder(temp.Path, "test", trained, VocabularyFile.Of(_pieces), 128);
        ModelFolder.WriteGolden(temp.Path, runtime);
        using var model = EncoderModel.Open(temp.Path, runtime);
        Assert.True(model.SelfTest().Passed, "The model does not give its own golden vectors");
        var rounded = new ExportedEncoder(trained).Rounded;
        foreach (var (side, own) in new[] { (EncoderSide.Query, Side.Query), (EncoderSide.Document, Side.Document) })
        {
            var vectors = Encode(model, side);
            var bags = Texts.Select(text => TokenBag.Of(PassageTokens.Ids(text, tokenizer, 120, new TokenSequence()))).ToArray();
            var expected = EncoderForward.Encode(rounded, bags, own, new Workers(1));
            for (var i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(expected[i] - vectors[i]) < Tolerance, $"{side}, text {i / Dimension}, element {i % Dimension}: {expected[i]} trained, {vectors[i]} exported");
        }
        Assert.NotEqual(Encode(model, EncoderSide.Query), Encode(model, EncoderSide.Document));
    }

    /// <param name="dimension">Of the encoder: as many elements as the reranker keeps of it, and more.</param>
    [Theory]
    [InlineData(Dimension)]
    [InlineData(2 * Dimension)]
    public void The_exported_reranker_is_the_trainers_score_whatever_the_batch(int dimension)
    {
        using var temp = new TempDirectory();
        using var runtime = Runtime.LoadOrSkip();
        var tokenizer = VocabularyFile.Load(_pieces);
        var random = new Random(8);
        float[] rarity = [.. Enumerable.Range(0, tokenizer.IdBound).Select(_ => 0.1f + (float)random.NextDouble())];
        int[] forms = [.. Enumerable.Range(0, tokenizer.IdBound).Select(piece => piece % OfOneForm == 0 ? piece : piece - 1)];
        foreach (var special in Enumerable.Range(0, VocabularyFile.Reserved))
            (forms[special], rarity[special]) = (special, 0);
        foreach (ref var x in rarity.AsSpan(tokenizer.IdBound - Unmatched))
            x = 0;
        var table = new PairTable(Trained(tokenizer.IdBound, dimension), new PairTerms(forms, rarity, 20));
        var scorer = new PairScorer([.. Enumerable.Range(0, PairFeatures.Count).Select(_ => 4 * (float)(random.NextDouble() - 0.5))]);
        ModelFolder.WriteReranker(temp.Path, "test", table, scorer, VocabularyFile.Of(_pieces), 512);
        using var model = EncoderModel.Open(temp.Path, runtime);
        var features = new PairFeatures(table);
        var (pairs, expected) = (new List<TokenSequence>(), new List<float>());
        foreach (var query in Texts[..4])
        {
            foreach (var document in Texts)
            {
                var (left, right, pair) = (new TokenSequence(), new TokenSequence(), new TokenSequence());
                model.Tokenizer.Tokenize(query, left);
                model.Tokenizer.Tokenize(document, right);
                model.PreparePair(left, right, TruncationPolicy.Error, pair);
                pairs.Add(pair);
                expected.Add(scorer.Score(features.Of(Bag(left), Bag(right))));
            }
        }
        using var run = model.CreateRun();
        var results = new EncodedBatch();
        run.Encode([.. pairs], new EncodeBatchOptions { Outputs = EncoderOutputs.Score }, results);
        for (var i = 0; i < pairs.Count; i++)
            Assert.True(Math.Abs(expected[i] - results.Score(i)) < 1e-4, $"Pair {i}: {expected[i]} trained, {results.Score(i)} exported");
        run.Encode([pairs[7]], new EncodeBatchOptions { Outputs = EncoderOutputs.Score }, results);
        Assert.Equal(expected[7], results.Score(0), 1e-4);
    }

    [Fact]
    public void Token_vectors_have_unit_length_and_unknown_words_none()
    {
        using var temp = new TempDirectory();
        using var runtime = Runtime.LoadOrSkip();
        var tokenizer = VocabularyFile.Load(_pieces);
        ModelFolder.WriteEncoder(temp.Path, "test", Trained(tokenizer.IdBound), VocabularyFile.Of(_pieces), 128);
        using var model = EncoderModel.Open(temp.Path, runtime);
        using var run = model.CreateRun();
        var (tokens, results) = (new TokenSequence(), new EncodedBatch());
        model.Prepare("sawaa commonaa", EncoderSide.Document, "", TruncationPolicy.Error, tokens);
        run.Encode([tokens], new EncodeBatchOptions { Outputs = EncoderOutputs.Multi }, results);
        var rows = results.Multi(0).ToArray().Chunk(results.MultiDimension).Select(row => Lanes.Length(row)).ToArray();
        Assert.Equal(0, rows[0], 1e-5);
        Assert.All(rows[1..], length => Assert.Equal(1, length, 1e-3));
    }

    // The trainer never sees special tokens; here they stand between neighbours, as the graph sees them.
    private static TokenBag Bag(TokenSequence tokens) =>
        TokenBag.Of([.. tokens.Ids.ToArray().Where(id => id >= VocabularyFile.Reserved)]) with { Tokens = tokens.Ids.ToArray() };

    private static float[] Encode(EncoderModel model, EncoderSide side)
    {
        using var run = model.CreateRun();
        var (vectors, results) = (new List<float>(), new EncodedBatch());
        TokenSequence[] tokens = [.. Texts.Select(text =>
        {
            var sequence = new TokenSequence();
            model.Prepare(text, side, "", TruncationPolicy.Error, sequence);
            return sequence;
        })];
        run.Encode(tokens, new EncodeBatchOptions(), results);
        for (var i = 0; i < tokens.Length; i++)
            vectors.AddRange(results.Dense(i));
        return [.. vectors];
    }

    private static EncoderParameters Trained(int vocabulary, int dimension = Dimension)
    {
        var random = new Random(6);
        var parameters = new EncoderParameters(vocabulary, dimension);
        foreach (var values in parameters.All())
        {
            foreach (ref var x in values.AsSpan())
                x = (float)(random.NextDouble() - 0.5) * 0.4f;
        }
        parameters.Embeddings.AsSpan(0, VocabularyFile.Reserved * dimension).Clear();
        return parameters;
    }
}
