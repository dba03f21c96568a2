using SearchEngine.Models.Onnx;
using SearchEngine.Models.Onnx.Writing;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Models.Tests.Onnx;

public sealed class HostileModelTests
{
    private const int Mutations = 3000;

    [Fact]
    public void Garbage_of_every_length_is_refused_with_a_reason()
    {
        var random = new Random(1);
        for (var length = 0; length < 300; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            Assert.NotEmpty(Refused(bytes).Reason);
        }
        Assert.Contains("empty", Refused([]).Reason, StringComparison.Ordinal);
        Refused([.. Enumerable.Repeat((byte)0xFF, 64)]);
        Refused("GGUF or a zip, but no model"u8.ToArray());
    }

    [Fact]
    public void A_model_cut_off_at_any_byte_is_refused()
    {
        var model = SmallModels.Embedder().ToArray();
        // The metadata stands last and is optional, so a cut between two of its entries leaves a whole model.
        var required = model.Length - 64;
        for (var length = 0; length < required; length += length < 2000 ? 1 : 17)
            Refused(model[..length]);
    }

    [Fact]
    public void Flipped_bytes_open_or_are_refused_and_never_end_the_process()
    {
        var model = SmallModels.Embedder().ToArray();
        for (var seed = 0; seed < Mutations; seed++)
        {
            var random = new Random(seed);
            var bytes = (byte[])model.Clone();
            for (var i = random.Next(6); i >= 0; i--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                using var session = SharedRuntime.Get().OpenSession(bytes);
                Run(session);
            }
            catch (Exception e) when (e is OnnxModelException or OnnxException or OnnxTensorException or InvalidOperationException)
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }

    [Theory]
    [InlineData("../secret.bin", "outside its folder")]
    [InlineData("a/../../secret.bin", "outside its folder")]
    [InlineData("..\\secret.bin", "outside its folder")]
    [InlineData("/etc/passwd", "outside its folder")]
    [InlineData("", "outside its folder")]
    [InlineData("absent.bin", "missing")]
    [InlineData("short.bin", "past the end")]
    [InlineData("link.bin", "link out of its folder")]
    [InlineData("linked/secret.bin", "link out of its folder")]
    public void A_weight_file_outside_the_folder_missing_or_too_short_is_refused(string location, string reason)
    {
        using var root = new TempDirectory();
        var folder = Directory.CreateDirectory(root.File("model")).FullName;
        var outside = Directory.CreateDirectory(root.File("outside")).FullName;
        foreach (var secret in new[] { root.File("secret.bin"), Path.Combine(outside, "secret.bin") })
            File.WriteAllBytes(secret, new byte[16]);
        File.WriteAllBytes(Path.Combine(folder, "short.bin"), new byte[15]);
        File.CreateSymbolicLink(Path.Combine(folder, "link.bin"), root.File("secret.bin"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "linked"), outside);
        var path = Path.Combine(folder, "model.onnx");
        File.WriteAllBytes(path, External(location, 0, 16));
        var error = Assert.Throws<OnnxModelException>(() => SharedRuntime.Get().OpenSession(path));
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
        Assert.Equal(path, error.Model);
        Assert.Throws<OnnxModelException>(() => SharedRuntime.Get().OpenSession(External(location, 0, 16)));
    }

    [Fact]
    public void A_download_cache_with_model_and_weights_behind_links_into_one_folder_opens()
    {
        using var root = new TempDirectory();
        var blobs = Directory.CreateDirectory(root.File("blobs")).FullName;
        var snapshot = Directory.CreateDirectory(root.File("snapshot")).FullName;
        File.WriteAllBytes(Path.Combine(blobs, "1"), External("weights.bin", 0, 16));
        File.WriteAllBytes(Path.Combine(blobs, "2"), new byte[16]);
        File.CreateSymbolicLink(Path.Combine(snapshot, "model.onnx"), "../blobs/1");
        File.CreateSymbolicLink(Path.Combine(snapshot, "weights.bin"), "../blobs/2");
        try
        {
            using var session = SharedRuntime.Get().OpenSession(Path.Combine(snapshot, "model.onnx"));
            Assert.Equal("x", session.Inputs[0].Name);
        }
        catch (OnnxModelException e) when (e.InnerException is OnnxException)
        {
            Assert.Skip($"ONNX Runtime itself refuses the layout: {e.Reason}");
        }
    }

    [Fact]
    public void Offsets_that_overflow_and_texts_for_numbers_are_refused()
    {
        using var folder = new TempDirectory();
        File.WriteAllBytes(folder.File("w.bin"), new byte[16]);
        foreach (var (offset, length) in new[] { (long.MaxValue, 16L), (8L, long.MaxValue), (-1, 16), (0, -16), (17, 0) })
        {
            File.WriteAllBytes(folder.File("m.onnx"), External("w.bin", offset, length));
            Assert.Throws<OnnxModelException>(() => SharedRuntime.Get().OpenSession(folder.File("m.onnx")));
        }
    }

    [Fact]
    public void Limits_are_checked_before_the_library_sees_the_model()
    {
        var model = SmallModels.Embedder().ToArray();
        OnnxModelException Limited(OnnxModelLimits limits) => Assert.Throws<OnnxModelException>(
            () => SharedRuntime.Get().OpenSession(model, new OnnxSessionOptions { Limits = limits }));
        Assert.Contains($"the limit is {model.Length - 1}", Limited(new() { ModelBytes = model.Length - 1 }).Reason, StringComparison.Ordinal);
        Assert.Contains("more than 3 nodes", Limited(new() { Nodes = 3 }).Reason, StringComparison.Ordinal);
        using var folder = new TempDirectory();
        File.WriteAllBytes(folder.File("w.bin"), new byte[17]);
        File.WriteAllBytes(folder.File("m.onnx"), External("w.bin", 0, 16));
        var limits = new OnnxModelLimits { ExternalBytes = 16 };
        var error = Assert.Throws<OnnxModelException>(
            () => SharedRuntime.Get().OpenSession(folder.File("m.onnx"), new OnnxSessionOptions { Limits = limits }));
        Assert.Contains("17 bytes, and the limit is 16", error.Reason, StringComparison.Ordinal);
        Assert.Contains(
            "no such file",
            Assert.Throws<OnnxModelException>(() => SharedRuntime.Get().OpenSession(folder.File("absent.onnx"))).Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Graphs_nested_without_end_are_refused_without_a_stack_overflow()
    {
        var graph = new WireMessage();
        for (var depth = 0; depth < 200; depth++)
        {
            // graph.node.attribute.g
            graph = new WireMessage().Message(1, new WireMessage().Message(5, new WireMessage().Message(6, graph)));
        }
        var stream = new MemoryStream();
        new WireMessage().Number(1, 8).Message(7, graph).WriteTo(stream);
        Assert.Contains("nested deeper", Refused(stream.ToArray()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_whose_bytes_do_not_match_its_shape_is_refused()
    {
        byte[] Model(params long[] shape)
        {
            var tensor = new WireMessage();
            foreach (var size in shape)
                tensor.Number(1, size);
            tensor.Number(2, (long)OnnxElementType.Float).Text(8, "w").Payload(9, new byte[16]);
            var stream = new MemoryStream();
            new WireMessage().Number(1, 8).Message(7, new WireMessage().Message(5, tensor)).WriteTo(stream);
            return stream.ToArray();
        }
        Assert.Contains("carries 16 bytes", Refused(Model(5)).Reason, StringComparison.Ordinal);
        Assert.Contains("overflow", Refused(Model(1L << 40, 1L << 40)).Reason, StringComparison.Ordinal);
        Assert.Contains("overflow", Refused(Model(-4)).Reason, StringComparison.Ordinal);
    }

    private static OnnxModelException Refused(byte[] model) =>
        Assert.Throws<OnnxModelException>(() => SharedRuntime.Get().OpenSession(model).Dispose());

    private static byte[] External(string location, long offset, long length)
    {
        var graph = new OnnxGraph("external");
        graph.Input("x", OnnxElementType.Float, "n", 4);
        graph.ExternalInitializer("w", OnnxElementType.Float, location, offset, length, 4);
        graph.NamedNode("y", "Add", ["x", "w"]);
        graph.Output("y", OnnxElementType.Float, "n", 4);
        return new OnnxModel(graph).ToArray();
    }

    private static void Run(OnnxSession session)
    {
        var tensors = session.Inputs.Select(_ => SharedRuntime.Get().CreateTensor<long>(6)).ToArray();
        try
        {
            using var run = session.CreateRun();
            for (var i = 0; i < tensors.Length; i++)
            {
                tensors[i].Reshape(2, 3);
                run.SetInput(i, tensors[i]);
            }
            run.Execute();
        }
        finally
        {
            foreach (var tensor in tensors)
                tensor.Dispose();
        }
    }
}
