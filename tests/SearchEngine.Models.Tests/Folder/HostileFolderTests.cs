using System.Text.Json.Nodes;
using SearchEngine.Models.Folder;
using SearchEngine.Models.Onnx;
using SearchEngine.Models.Onnx.Writing;
using SearchEngine.Models.Tests.Onnx;
using SearchEngine.Models.Tokenizers;
using Xunit;

namespace SearchEngine.Models.Tests.Folder;

public sealed class HostileFolderTests
{
    [Theory]
    [InlineData("model.onnx")]
    [InlineData("tokenizer.json")]
    public void A_missing_file_is_named(string name)
    {
        using var folder = TestFolder.OfAllHeads();
        File.Delete(Path.Combine(folder.Path, name));
        Assert.Equal(name, Refused(folder).File);
    }

    [Fact]
    public void A_folder_without_a_word_about_its_model_is_refused()
    {
        using var folder = new TestFolder();
        folder.WriteStates("model.onnx");
        Assert.Contains("config.json", Refused(folder).Message, StringComparison.Ordinal);
        SharedRuntime.Get();
        Assert.Throws<ModelFolderException>(() => Inference.EncoderModel.Open(folder.Path + "/nothing", SharedRuntime.Get()));
    }

    [Theory]
    [InlineData("../model.onnx")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b")]
    [InlineData("..\\b")]
    [InlineData("c:model.onnx")]
    [InlineData("model.onnx\0")]
    [InlineData("")]
    public void File_names_that_lead_out_of_the_folder_are_refused(string name)
    {
        using var folder = TestFolder.OfAllHeads();
        EncoderFile.Write(folder.Path, TestFolder.AllHeads with { ModelFile = name });
        Assert.Contains("leads out of the folder", Refused(folder).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../other")]
    [InlineData("/tmp")]
    public void Module_paths_that_lead_out_of_the_folder_are_refused(string path)
    {
        using var folder = ExportTests.Export("some/model", normalizes: true);
        folder.EditJson("modules.json", root => root[1]!["path"] = path);
        Assert.Contains("leads out of the folder", Refused(folder).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_out_of_the_folder_is_refused_and_a_cache_of_blobs_is_not()
    {
        using var outside = new TestFolder();
        outside.WriteAllHeads("elsewhere.onnx", TestFolder.Seed);
        using var folder = TestFolder.OfAllHeads();
        var model = Path.Combine(folder.Path, "model.onnx");
        File.Delete(model);
        File.CreateSymbolicLink(model, Path.Combine(outside.Path, "elsewhere.onnx"));
        Assert.Contains("link out of the folder", Refused(folder).Message, StringComparison.Ordinal);

        var snapshot = Directory.CreateDirectory(Path.Combine(outside.Path, "snapshots", "abc")).FullName;
        var blobs = Directory.CreateDirectory(Path.Combine(outside.Path, "blobs")).FullName;
        EncoderFile.Write(snapshot, TestFolder.AllHeads);
        File.Copy(Path.Combine(outside.Path, "tokenizer.json"), Path.Combine(blobs, "1"));
        File.Copy(Path.Combine(outside.Path, "elsewhere.onnx"), Path.Combine(blobs, "2"));
        File.CreateSymbolicLink(Path.Combine(snapshot, "tokenizer.json"), "../../blobs/1");
        File.CreateSymbolicLink(Path.Combine(snapshot, "model.onnx"), "../../blobs/2");
        Inference.EncoderModel.Open(snapshot, SharedRuntime.Get()).Dispose();
    }

    [Theory]
    [InlineData("config.json", "hidden_size", "\"32\"")]
    [InlineData("config.json", "hidden_size", "33")]
    [InlineData("config.json", "hidden_size", "1e40")]
    [InlineData("config.json", "vocab_size", "9")]
    [InlineData("config.json", "max_position_embeddings", "-5")]
    [InlineData("config.json", "architectures", "\"Bert\"")]
    [InlineData("config.json", "pad_token_id", "123456")]
    [InlineData("config.json", "id2label", "[\"a\"]")]
    [InlineData("config.json", "matryoshka_dimensions", "[0]")]
    [InlineData("tokenizer_config.json", "model_max_length", "\"many\"")]
    [InlineData("tokenizer_config.json", "padding_side", "\"top\"")]
    [InlineData("sentence_bert_config.json", "max_seq_length", "0")]
    [InlineData("sentence_bert_config.json", "do_lower_case", "1")]
    [InlineData("1_Pooling/config.json", "pooling_mode_cls_token", "true")]
    [InlineData("1_Pooling/config.json", "include_prompt", "false")]
    [InlineData("1_Pooling/config.json", "word_embedding_dimension", "31")]
    public void Export_files_with_impossible_values_are_refused_by_name(string file, string property, string value)
    {
        using var folder = ExportTests.Export("some/model", normalizes: true);
        if (property == "hidden_size")
            folder.EditJson("1_Pooling/config.json", root => root.AsObject().Remove("word_embedding_dimension"));
        if (property == "pad_token_id")
            folder.EditJson("tokenizer_config.json", root => root.AsObject().Remove("pad_token"));
        folder.EditJson(file, root => root[property] = JsonNode.Parse(value));
        var fault = Refused(folder);
        Assert.True(
            fault.Message.Contains(property, StringComparison.Ordinal) || fault.File == file || property == "pad_token_id",
            $"{file}, {property}: the refusal does not say so: {fault.Message}");
    }

    [Fact]
    public void A_descriptor_that_does_not_fit_the_model_is_refused()
    {
        var all = TestFolder.AllHeads;
        EncoderDescriptor[] misfits =
        [
            all with { Dense = new DenseHead("missing", TestFolder.Width, []) },
            all with { Dense = new DenseHead("last_hidden_state", TestFolder.Width + 1, []) },
            all with { Dense = new DenseHead("score", 1, []) },
            all with { Pooling = PoolingMode.Model },
            all with { Multi = new MultiHead("vectors", 9) },
            all with { Sparse = new SparseHead("sparse", SparseForm.TokenLogits) },
            all with { Score = new ScoreHead("classes") },
            all with { Classes = new ClassHead("classes", ["one"]) },
            all with { MaxTokens = 2 },
            all with { MaxTokens = TestFolder.Positions + 1 },
            all with { Padding = new EncoderPadding(9999, PaddingSide.Right) },
        ];
        using var folder = TestFolder.OfAllHeads();
        foreach (var misfit in misfits)
        {
            EncoderFile.Write(folder.Path, misfit);
            Assert.NotEmpty(Refused(folder).Message);
        }
    }

    [Fact]
    public void A_vocabulary_beyond_the_models_table_is_refused_when_the_folder_is_opened()
    {
        using var folder = TestFolder.OfAllHeads();
        folder.Write("model.onnx", TestFolder.Seed, States, TestFolder.Shape with { Vocabulary = TestFolder.Tokens.Count - 1 });
        EncoderFile.Write(folder.Path, TestFolder.AllHeads with { Sparse = null, Multi = null, Score = null, Classes = null });
        Assert.Contains("greatest id", Refused(folder).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_wants_other_inputs_is_refused()
    {
        using var folder = TestFolder.OfAllHeads();
        folder.Write("model.onnx", TestFolder.Seed, (graph, states) =>
        {
            graph.Input("task_id", OnnxElementType.Int64, 1);
            States(graph, states);
        });
        EncoderFile.Write(folder.Path, TestFolder.AllHeads with { Sparse = null, Multi = null, Score = null, Classes = null });
        Assert.Contains("task_id", Refused(folder).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_behind_pooling_that_the_model_lacks_is_refused()
    {
        using var folder = ExportTests.Export("some/model", normalizes: true);
        folder.EditJson("modules.json", root => root.AsArray().Add(
            JsonNode.Parse("""{"idx": 3, "name": "3", "path": "3_Dense", "type": "sentence_transformers.models.Dense"}""")));
        Assert.Contains("3_Dense", Refused(folder).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_model_and_tokenizer_files_keep_their_own_errors()
    {
        using var folder = TestFolder.OfAllHeads();
        File.WriteAllBytes(Path.Combine(folder.Path, "model.onnx"), [1, 2, 3]);
        Assert.Throws<OnnxModelException>(() => folder.Open());
        folder.WriteJson("tokenizer.json", "{}");
        Assert.Throws<TokenizerException>(() => folder.Open());
    }

    private static void States(OnnxGraph graph, string states)
    {
        graph.NamedNode("last_hidden_state", "Identity", [states]);
        graph.Output("last_hidden_state", OnnxElementType.Float, "batch", "sequence", TestFolder.Width);
    }

    private static ModelFolderException Refused(TestFolder folder)
    {
        SharedRuntime.Get();
        return Assert.Throws<ModelFolderException>(() => folder.Open().Dispose());
    }
}
