using SearchEngine.Models.Onnx;
using SearchEngine.Models.Onnx.Writing;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Models.Tests.Onnx;

public sealed class SessionTests
{
    [Fact]
    public void What_the_writer_declares_is_what_the_session_reads()
    {
        using var folder = new TempDirectory();
        var path = folder.File("модель.onnx");
        using (var file = File.Create(path))
            SmallModels.Embedder().WriteTo(file);
        using var session = SharedRuntime.Get().OpenSession(path);
        Assert.Equal(["input_ids: Int64[batch, seq]", "attention_mask: Int64[batch, seq]"], session.Inputs.Select(i => i.ToString()));
        Assert.Equal("embedding: Float[batch, 8]", Assert.Single(session.Outputs).ToString());
        Assert.Equal((1, -1), (session.InputIndex("attention_mask"), session.InputIndex("Attention_mask")));
        Assert.Equal((0, -1), (session.OutputIndex("embedding"), session.OutputIndex("")));
        var metadata = session.Metadata;
        Assert.Equal(("tests", "embedder", "a look-up"), (metadata.Producer, metadata.GraphName, metadata.Description));
        Assert.Equal(("org.example", 7L), (metadata.Domain, metadata.Version));
        Assert.Equal(["naïve=ключ", "side=QUERY"], metadata.Custom.Select(e => $"{e.Key}={e.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_session_option_opens_a_session_that_computes_the_same()
    {
        var model = SmallModels.Embedder().ToArray();
        var results = new List<float[]>();
        OnnxSessionOptions[] all =
        [
            new(),
            new() { IntraOpThreads = 0, Spinning = true },
            new() { IntraOpThreads = 2, InterOpThreads = 2, ExecutionMode = OnnxExecutionMode.Parallel, MemoryPattern = false },
            new() { MemoryArena = false, Deterministic = true },
            new() { Optimization = OnnxGraphOptimization.None, MemoryPattern = false },
            new() { Optimization = OnnxGraphOptimization.Basic },
            new() { Optimization = OnnxGraphOptimization.Extended, Entries = Entry("session.set_denormal_as_zero", "1") },
        ];
        foreach (var options in all)
        {
            using var session = SharedRuntime.Get().OpenSession(model, options);
            results.Add(Embed(session));
        }
        foreach (var result in results)
            Assert.Equal(results[0], result, (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    [Fact]
    public void Weights_in_a_file_beside_the_model_are_read()
    {
        using var folder = new TempDirectory();
        var weights = new float[] { 1, 2, 3, 4 };
        File.WriteAllBytes(folder.File("weights.bin"), [0, 0, 0, 0, .. weights.SelectMany(BitConverter.GetBytes)]);
        var graph = new OnnxGraph("external");
        graph.Input("x", OnnxElementType.Float, "n", 4);
        graph.ExternalInitializer("w", OnnxElementType.Float, "weights.bin", 4, 16, 4);
        graph.NamedNode("y", "Add", ["x", "w"]);
        graph.Output("y", OnnxElementType.Float, "n", 4);
        File.WriteAllBytes(folder.File("model.onnx"), new OnnxModel(graph).ToArray());
        using var session = SharedRuntime.Get().OpenSession(folder.File("model.onnx"));
        using var x = SharedRuntime.Get().CreateTensor<float>(4);
        x.Reshape(1, 4);
        using var run = session.CreateRun();
        run.SetInput(0, x);
        run.Execute(TestContext.Current.CancellationToken);
        Assert.Equal(weights, run.Outputs[0].AsSpan<float>().ToArray());
    }

    [Fact]
    public void Options_outside_their_range_are_refused_by_name()
    {
        var model = SmallModels.Embedder().ToArray();
        void Refuses(OnnxSessionOptions options, string word) => Assert.Contains(
            word,
            Assert.Throws<ArgumentException>(() => SharedRuntime.Get().OpenSession(model, options)).Message,
            StringComparison.Ordinal);
        Refuses(new OnnxSessionOptions { IntraOpThreads = -1 }, "IntraOpThreads");
        Refuses(new OnnxSessionOptions { InterOpThreads = 1025 }, "InterOpThreads");
        Refuses(new OnnxSessionOptions { Providers = [] }, "cpu");
        Refuses(new OnnxSessionOptions { Providers = [new OnnxProvider("tpu")] }, "tpu");
        Refuses(new OnnxSessionOptions { Entries = Entry("a\0b", "1") }, "zero");
    }

    [Fact]
    public void An_unknown_output_is_refused_with_the_known_ones()
    {
        using var session = SharedRuntime.Get().OpenSession(SmallModels.Embedder().ToArray());
        var error = Assert.Throws<ArgumentException>(() => session.CreateRun("embeding"));
        Assert.Contains("'embeding'; it has embedding", error.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Entry(string key, string value) => new(StringComparer.Ordinal) { [key] = value };

    private static float[] Embed(OnnxSession session)
    {
        using var ids = SharedRuntime.Get().CreateTensor<long>(6);
        using var mask = SharedRuntime.Get().CreateTensor<long>(6);
        ids.Reshape(2, 3);
        mask.Reshape(2, 3);
        mask.AsSpan<long>().Fill(1);
        for (var i = 0; i < 6; i++)
            ids.AsSpan<long>()[i] = i * 7;
        using var run = session.CreateRun();
        run.SetInput(0, ids);
        run.SetInput(1, mask);
        run.Execute();
        return run.Outputs[0].AsSpan<float>().ToArray();
    }
}
