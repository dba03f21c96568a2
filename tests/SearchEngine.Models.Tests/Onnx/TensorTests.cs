using SearchEngine.Models.Onnx;
using Xunit;

namespace SearchEngine.Models.Tests.Onnx;

public sealed class TensorTests
{
    [Fact]
    public void Shapes_that_do_not_fit_the_memory_are_refused_and_leave_the_tensor_as_it_was()
    {
        using var tensor = SharedRuntime.Get().CreateTensor<float>(12);
        tensor.Reshape(3, 4);
        long[][] bad = [[13], [4, 4], [-1], [-3, -4], [long.MaxValue, 2], [1L << 32, 1L << 32], [1, 1, 1, 1, 1, 1, 1, 1, 1]];
        foreach (var shape in bad)
        {
            Assert.Throws<OnnxTensorException>(() => tensor.Reshape(shape));
            Assert.Equal([3, 4], tensor.Shape.ToArray());
            Assert.Equal(12, tensor.AsSpan<float>().Length);
        }
        Assert.Throws<OnnxTensorException>(() => tensor.AsSpan<int>());
        Assert.Throws<OnnxTensorException>(() => SharedRuntime.Get().CreateTensor<float>(-1));
        Assert.Throws<OnnxTensorException>(() => SharedRuntime.Get().CreateTensor<decimal>(1));
    }

    [Fact]
    public void Memory_of_a_tensor_is_aligned_and_zeroed_and_survives_a_reshape()
    {
        using var tensor = SharedRuntime.Get().CreateTensor<long>(100);
        tensor.Reshape(100);
        Assert.Equal(-1, tensor.AsSpan<long>().IndexOfAnyExcept(0));
        tensor.AsSpan<long>()[5] = 42;
        tensor.Reshape(2, 3);
        Assert.Equal(42, tensor.AsSpan<long>()[5]);
    }

    [Fact]
    public void A_tensor_that_does_not_fit_the_models_declaration_is_refused_before_the_run()
    {
        var runtime = SharedRuntime.Get();
        using var session = runtime.OpenSession(SmallModels.Embedder().ToArray());
        using var run = session.CreateRun();
        using var ids = runtime.CreateTensor<long>(64);
        using var mask = runtime.CreateTensor<long>(64);
        using var ints = runtime.CreateTensor<int>(64);
        using var target = runtime.CreateTensor<float>(64);
        Assert.Contains("'input_ids' is not set", Assert.Throws<InvalidOperationException>(() => run.Execute()).Message, StringComparison.Ordinal);

        void Refuses(OnnxTensor first, string tensor, string words)
        {
            run.SetInput(0, first);
            run.SetInput(1, mask);
            var error = Assert.Throws<OnnxTensorException>(() => run.Execute());
            Assert.Equal(tensor, error.Tensor);
            Assert.Contains(words, error.Reason, StringComparison.Ordinal);
        }
        mask.Reshape(2, 3);
        ints.Reshape(2, 3);
        Refuses(ints, "input_ids", "wants Int64, and the tensor has Int32");
        ids.Reshape(6);
        Refuses(ids, "input_ids", "1 dimensions");
        ids.Reshape(2, 4);
        Refuses(ids, "attention_mask", "seq = 3, which another tensor sets to 4");
        ids.Reshape(2, 3);
        run.SetOutput(0, target);
        target.Reshape(2, 7);
        Refuses(ids, "embedding", "7 in place of 8");
        target.Reshape(3, 8);
        Refuses(ids, "embedding", "batch = 3, which another tensor sets to 2");
    }
}
