using SearchEngine.Models.Folder;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Onnx;
using SearchEngine.Models.Onnx.Writing;
using SearchEngine.Models.Tokenizers;
using Xunit;

namespace SearchEngine.Models.Tests.Folder;

/// <summary>Layouts of exports as they are downloaded, with small weights.</summary>
public sealed class ExportTests
{
    [Fact]
    public void E5_gets_its_prefixes_by_name_and_says_that_it_guessed()
    {
        using var folder = Export("intfloat/multilingual-e5-base", normalizes: true);
        using var model = folder.Open();
        Assert.Equal("query: {text}", model.Descriptor.QueryTemplate);
        Assert.Equal("passage: {text}", model.Descriptor.DocumentTemplate);
        Assert.Equal(PoolingMode.Mean, model.Descriptor.Pooling);
        Assert.Equal(VectorNormalization.Unit, model.Descriptor.Normalization);
        Assert.Contains(model.Notes, note => note is { Subject: "templates", IsGuess: true });
        Assert.DoesNotContain(model.Notes, note => note is { Subject: "pooling", IsGuess: true });
    }

    [Fact]
    public void Bge_gets_its_query_instruction_and_pools_the_first_token()
    {
        using var folder = Export("BAAI/bge-small-en-v1.5", normalizes: true, pooling: "pooling_mode_cls_token");
        using var model = folder.Open();
        Assert.Equal("Represent this sentence for searching relevant passages: {text}", model.Descriptor.QueryTemplate);
        Assert.Equal("{text}", model.Descriptor.DocumentTemplate);
        Assert.Equal(PoolingMode.Cls, model.Descriptor.Pooling);
    }

    [Theory]
    [InlineData("thenlper/gte-base")]
    [InlineData("sentence-transformers/all-MiniLM-L6-v2")]
    public void Models_without_prompts_are_symmetric(string name)
    {
        using var folder = Export(name, normalizes: true);
        using var model = folder.Open();
        Assert.False(model.Descriptor.IsAsymmetric);
        Assert.Equal(PoolingMode.Mean, model.Descriptor.Pooling);
        Assert.Equal(48, model.Descriptor.MaxTokens);
        Assert.Equal(TestFolder.Width, model.Descriptor.Dense!.Dimension);
    }

    [Fact]
    public void Prompt_files_win_over_guesses_and_short_dimensions_are_read()
    {
        using var folder = Export("jinaai/jina-embeddings-v3-e5-look-alike", normalizes: true);
        folder.WriteJson("config_sentence_transformers.json", new
        {
            prompts = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["retrieval.query"] = "Represent the query: ",
                ["retrieval.passage"] = "Represent the passage: ",
                ["classification"] = "",
                ["text-matching.query"] = "red ",
            },
            default_prompt_name = (string?)null,
        });
        folder.EditJson("config.json", root => root["matryoshka_dimensions"] = new System.Text.Json.Nodes.JsonArray(16, 8, TestFolder.Width));
        using var model = folder.Open();
        Assert.Equal("Represent the query: {text}", model.Descriptor.QueryTemplate);
        Assert.Equal("Represent the passage: {text}", model.Descriptor.DocumentTemplate);
        Assert.Equal(["classification", "text-matching.query"], model.Descriptor.Tasks.Select(task => task.Task));
        Assert.Equal(EncoderSide.Query, model.Descriptor.Tasks[1].Side);
        Assert.Equal([8, 16], model.Descriptor.Dense!.AllowedDimensions);
        Assert.DoesNotContain(model.Notes, note => note is { Subject: "templates", IsGuess: true });
    }

    [Fact]
    public void A_default_prompt_stands_before_both_sides()
    {
        using var folder = Export("other/model", normalizes: false);
        folder.WriteJson(
            "config_sentence_transformers.json", """{"prompts": {"general": "the "}, "default_prompt_name": "general"}""");
        using var model = folder.Open();
        Assert.Equal("the {text}", model.Descriptor.QueryTemplate);
        Assert.Equal("the {text}", model.Descriptor.DocumentTemplate);
        Assert.Equal(VectorNormalization.None, model.Descriptor.Normalization);
    }

    [Fact]
    public void A_model_that_pools_itself_is_taken_at_its_word()
    {
        using var folder = Export("some/model", normalizes: true, modules: false);
        File.Delete(Path.Combine(folder.Path, "onnx", "model.onnx"));
        folder.Write("model.onnx", TestFolder.Seed, (graph, states) =>
        {
            var pooled = EncoderHeads.MeanPool(graph, states, TransformerGraph.AttentionMask);
            EncoderHeads.Normalize(graph, pooled, "sentence_embedding");
            graph.NamedNode("token_embeddings", "Identity", [states]);
            graph.Output("token_embeddings", OnnxElementType.Float, "batch", "sequence", TestFolder.Width);
            graph.Output("sentence_embedding", OnnxElementType.Float, "batch", TestFolder.Width);
        });
        using var model = folder.Open();
        Assert.Equal(PoolingMode.Model, model.Descriptor.Pooling);
        Assert.Equal("model.onnx", model.Descriptor.ModelFile);
        Assert.Equal(1, Vector(model, "red cat").Sum(x => (double)x * x), 5);
    }

    [Fact]
    public void Pooling_here_and_pooling_in_the_model_give_the_same_vector()
    {
        using var here = Export("some/model", normalizes: true);
        using var inside = Export("some/model", normalizes: true, modules: false);
        inside.Write("onnx/model.onnx", TestFolder.Seed, (graph, states) =>
        {
            EncoderHeads.Normalize(graph, EncoderHeads.MeanPool(graph, states, TransformerGraph.AttentionMask), "sentence_embedding");
            graph.Output("sentence_embedding", OnnxElementType.Float, "batch", TestFolder.Width);
        });
        using var first = here.Open();
        using var second = inside.Open();
        var (left, right) = (Vector(first, "the red cat sits"), Vector(second, "the red cat sits"));
        for (var i = 0; i < left.Length; i++)
            Assert.Equal(left[i], right[i], 1e-5f);
    }

    [Fact]
    public void A_cross_encoder_scores_pairs()
    {
        using var folder = new TestFolder();
        folder.Write("onnx/model.onnx", TestFolder.Seed, (graph, states) =>
        {
            EncoderHeads.Logits(graph, EncoderHeads.FirstToken(graph, states), TestFolder.Weights(TestFolder.Width, 5), [0.25f], "logits");
            graph.Output("logits", OnnxElementType.Float, "batch", 1);
        });
        folder.WriteJson("config.json", """{"architectures": ["BertForSequenceClassification"], "max_position_embeddings": 64, "id2label": {"0": "LABEL_0"}}""");
        using var model = folder.Open();
        Assert.Equal(EncoderOutputs.Score, model.Outputs);
        var (query, document, pair) = (new TokenSequence(), new TokenSequence(), new TokenSequence());
        model.Tokenizer.Tokenize("red cat", query);
        model.Tokenizer.Tokenize("the cat sits on the house", document);
        model.PreparePair(query, document, TruncationPolicy.Head, pair);
        using var run = model.CreateRun();
        var results = new EncodedBatch();
        run.Encode([pair, pair], new EncodeBatchOptions { Outputs = EncoderOutputs.Score }, results, TestContext.Current.CancellationToken);
        Assert.Equal(results.Score(0), results.Score(1), 1e-5f);
        Assert.InRange(Pooling.Sigmoid(results.Score(0)), 0f, 1f);
    }

    [Fact]
    public void A_masked_language_model_is_read_as_splade()
    {
        using var folder = new TestFolder();
        folder.Write("onnx/model.onnx", TestFolder.Seed, (graph, states) =>
        {
            var table = TestFolder.Weights(TestFolder.Width * TestFolder.Tokens.Count, 8);
            EncoderHeads.Logits(graph, states, table, new float[TestFolder.Tokens.Count], "logits");
            graph.Output("logits", OnnxElementType.Float, "batch", "sequence", TestFolder.Tokens.Count);
        });
        folder.WriteJson("config.json", """{"architectures": ["BertForMaskedLM"], "max_position_embeddings": 64}""");
        using var model = folder.Open();
        Assert.Equal(SparseForm.TokenLogits, model.Descriptor.Sparse!.Form);
        var text = new TokenSequence();
        model.Prepare("red cat", EncoderSide.Document, "", TruncationPolicy.Error, text);
        using var run = model.CreateRun();
        var results = new EncodedBatch();
        run.Encode([text], new EncodeBatchOptions { Outputs = EncoderOutputs.Sparse }, results, TestContext.Current.CancellationToken);
        Assert.NotEmpty(results.SparseIndices(0).ToArray());
        Assert.DoesNotContain(results.SparseIndices(0).ToArray(), index => index < 5);
    }

    /// <summary>The folder of a sentence-transformers model that was exported to ONNX.</summary>
    internal static TestFolder Export(
        string name, bool normalizes, string pooling = "pooling_mode_mean_tokens", bool modules = true)
    {
        var folder = new TestFolder();
        folder.WriteStates("onnx/model.onnx");
        folder.WriteJson("config.json", new
        {
            _name_or_path = name,
            architectures = new[] { "BertModel" },
            model_type = "bert",
            hidden_size = TestFolder.Width,
            max_position_embeddings = TestFolder.Positions,
            vocab_size = TestFolder.Tokens.Count,
            pad_token_id = 0,
            torch_dtype = "float32",
        });
        folder.WriteJson(
            "tokenizer_config.json",
            """{"model_max_length": 1000000000000000019884624838656, "pad_token": "[PAD]", "do_lower_case": true}""");
        if (!modules)
            return folder;
        folder.WriteJson("sentence_bert_config.json", """{"max_seq_length": 48, "do_lower_case": false}""");
        var list = new List<object>
        {
            new { idx = 0, name = "0", path = "", type = "sentence_transformers.models.Transformer" },
            new { idx = 1, name = "1", path = "1_Pooling", type = "sentence_transformers.models.Pooling" },
        };
        if (normalizes)
            list.Add(new { idx = 2, name = "2", path = "2_Normalize", type = "sentence_transformers.models.Normalize" });
        folder.WriteJson("modules.json", list);
        folder.WriteJson("1_Pooling/config.json", new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["word_embedding_dimension"] = TestFolder.Width,
            ["pooling_mode_cls_token"] = false,
            ["pooling_mode_mean_tokens"] = false,
            ["pooling_mode_max_tokens"] = false,
            [pooling] = true,
        });
        return folder;
    }

    private static float[] Vector(EncoderModel model, string text)
    {
        var tokens = new TokenSequence();
        model.Prepare(text, EncoderSide.Document, "", TruncationPolicy.Error, tokens);
        using var run = model.CreateRun();
        var results = new EncodedBatch();
        run.Encode([tokens], new EncodeBatchOptions(), results, TestContext.Current.CancellationToken);
        return results.Dense(0).ToArray();
    }
}
