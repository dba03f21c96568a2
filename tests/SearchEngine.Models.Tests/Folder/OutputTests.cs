using SearchEngine.Models.Folder;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Onnx;
using SearchEngine.Models.Onnx.Writing;
using SearchEngine.Models.Tests.Onnx;
using SearchEngine.Models.Tokenizers;
using Xunit;

namespace SearchEngine.Models.Tests.Folder;

[Collection(nameof(Serial))]
public sealed class OutputTests
{
    [Fact]
    public void A_model_that_gives_halves_gives_the_vectors_of_its_float_twin()
    {
        using var floats = TestFolder.OfLookUp(PoolingMode.Mean, PaddingSide.Right);
        using var halves = TestFolder.OfLookUp(PoolingMode.Mean, PaddingSide.Right);
        var graph = new OnnxGraph("halves");
        graph.Input("input_ids", OnnxElementType.Int64, "batch", "sequence");
        graph.Input("attention_mask", OnnxElementType.Int64, "batch", "sequence");
        var table = graph.Initializer<float>(
            "table", TestFolder.Weights(TestFolder.Tokens.Count * TestFolder.Width, 7), TestFolder.Tokens.Count, TestFolder.Width);
        var states = graph.Node("Gather", [table, "input_ids"], OnnxAttribute.Int("axis", 0));
        graph.NamedNode("last_hidden_state", "Cast", [states], OnnxAttribute.Int("to", (long)OnnxElementType.Float16));
        graph.Output("last_hidden_state", OnnxElementType.Float16, "batch", "sequence", TestFolder.Width);
        File.WriteAllBytes(Path.Combine(halves.Path, "model.onnx"), new OnnxModel(graph).ToArray());
        var (wide, narrow) = (Encode(floats, EncoderOutputs.Dense), Encode(halves, EncoderOutputs.Dense));
        for (var i = 0; i < TestFolder.Width; i++)
            Assert.Equal(wide.Dense(0)[i], narrow.Dense(0)[i], 1e-3f);
    }

    [Fact]
    public void Ready_weights_of_the_vocabulary_are_taken_above_zero_and_without_special_tokens()
    {
        using var folder = TestFolder.OfLookUp(PoolingMode.Mean, PaddingSide.Right);
        float[] weights = [.. Enumerable.Range(0, TestFolder.Tokens.Count).Select(i => i % 3 - 0.5f)];
        folder.Write("model.onnx", TestFolder.Seed, (graph, states) =>
        {
            var none = new float[TestFolder.Width * TestFolder.Tokens.Count];
            EncoderHeads.Logits(graph, EncoderHeads.FirstToken(graph, states), none, weights, "weights");
            graph.Output("weights", OnnxElementType.Float, "batch", TestFolder.Tokens.Count);
        });
        EncoderFile.Write(
            folder.Path,
            new EncoderDescriptor { MaxTokens = TestFolder.Positions, Sparse = new SparseHead("weights", SparseForm.Vocabulary) });
        var results = Encode(folder, EncoderOutputs.Sparse);
        Assert.Equal(Enumerable.Range(5, TestFolder.Tokens.Count - 5).Where(i => weights[i] > 0), results.SparseIndices(0).ToArray());
    }

    [Fact]
    public void A_batch_like_the_one_before_allocates_nothing()
    {
        const EncoderOutputs All = EncoderOutputs.Dense | EncoderOutputs.Sparse | EncoderOutputs.Multi | EncoderOutputs.Score;
        using var folder = TestFolder.OfAllHeads();
        using var model = folder.Open();
        using var run = model.CreateRun();
        var results = new EncodedBatch();
        var batch = new[] { new TokenSequence(), new TokenSequence() };
        var options = new EncodeBatchOptions { Outputs = All };
        for (var round = 0; round < 50; round++)
            Round();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 20; round++)
            Round();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < 20 * 256, $"20 batches of two texts allocated {allocated} bytes; does something allocate per token or per text?");

        void Round()
        {
            model.Prepare("the red cat sits on the house", EncoderSide.Query, "", TruncationPolicy.Head, batch[0]);
            model.Prepare("a dog", EncoderSide.Document, "", TruncationPolicy.Head, batch[1]);
            run.Encode(batch, options, results);
        }
    }

    private static EncodedBatch Encode(TestFolder folder, EncoderOutputs outputs)
    {
        using var model = folder.Open();
        using var run = model.CreateRun();
        var tokens = new TokenSequence();
        model.Prepare("the red cat", EncoderSide.Document, "", TruncationPolicy.Error, tokens);
        var results = new EncodedBatch();
        run.Encode([tokens], new EncodeBatchOptions { Outputs = outputs }, results, TestContext.Current.CancellationToken);
        return results;
    }
}
