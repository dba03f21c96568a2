using SearchEngine.Models.Onnx;
using Xunit;

namespace SearchEngine.Models.Tests.Onnx;

public sealed class RunTests
{
    [Fact]
    public void Embedder_of_every_batch_and_length_equals_the_sum_by_hand()
    {
        using var session = SharedRuntime.Get().OpenSession(SmallModels.Embedder().ToArray());
        using var run = session.CreateRun();
        var table = SmallModels.Table(1);
        var random = new Random(5);
        using var ids = SharedRuntime.Get().CreateTensor<long>(17 * 9);
        using var mask = SharedRuntime.Get().CreateTensor<long>(17 * 9);
        run.SetInput(0, ids);
        run.SetInput(1, mask);
        for (var batch = 1; batch <= 17; batch++)
        {
            var length = 1 + random.Next(9);
            ids.Reshape(batch, length);
            mask.Reshape(batch, length);
            foreach (ref var id in ids.AsSpan<long>())
                id = random.Next(SmallModels.Vocabulary);
            mask.AsSpan<long>().Fill(1);
            run.Execute(TestContext.Current.CancellationToken);
            var output = run.Outputs[0];
            Assert.Equal([batch, SmallModels.Width], output.Shape.ToArray());
            for (var row = 0; row < batch; row++)
                CheckRow(table, ids.AsSpan<long>().Slice(row * length, length), output.AsSpan<float>()[(row * SmallModels.Width)..]);
        }
    }

    [Fact]
    public void Output_into_the_callers_tensor_equals_the_allocated_one()
    {
        var runtime = SharedRuntime.Get();
        using var session = runtime.OpenSession(SmallModels.Embedder().ToArray());
        using var run = session.CreateRun("embedding");
        long[] tokens = [3, 4, 5, 6];
        using var ids = runtime.WrapTensor<long>(tokens);
        using var mask = runtime.WrapTensor<long>(new long[] { 1, 1, 1, 0 });
        var mine = new float[2 * SmallModels.Width];
        using var target = runtime.WrapTensor<float>(mine);
        ids.Reshape(2, 2);
        mask.Reshape(2, 2);
        target.Reshape(2, SmallModels.Width);
        run.SetInput(0, ids);
        run.SetInput(1, mask);
        run.Execute(TestContext.Current.CancellationToken);
        var allocated = run.Outputs[0].AsSpan<float>().ToArray();
        run.SetOutput(0, target);
        run.Execute(TestContext.Current.CancellationToken);
        Assert.Equal(allocated, mine);
        Assert.Equal(allocated, run.Outputs[0].AsSpan<float>().ToArray());

        using var bound = session.CreateBoundRun();
        Array.Clear(mine);
        bound.SetInput(0, ids);
        bound.SetInput(1, mask);
        bound.SetOutput(0, target);
        bound.Execute(TestContext.Current.CancellationToken);
        Assert.True(allocated.SequenceEqual(mine), "the bound run computed something else: is its binding stale?");
        // A reshaped tensor is another value: the binding must notice.
        ids.Reshape(1, 4);
        mask.Reshape(1, 4);
        target.Reshape(1, SmallModels.Width);
        Array.Clear(mine);
        bound.Execute(TestContext.Current.CancellationToken);
        CheckRow(SmallModels.Table(1), [3, 4, 5], mine);
    }

    [Fact]
    public void Every_element_type_passes_through_unchanged()
    {
        Passes<float>(1.5f, -0f);
        Passes<double>(1.5, double.MaxValue);
        Passes<Half>((Half)1.5, Half.MaxValue);
        Passes<long>(long.MinValue, 7);
        Passes<int>(int.MinValue, 7);
        Passes<short>(short.MinValue, 7);
        Passes<ushort>(ushort.MaxValue, 7);
        Passes<byte>(255, 7);
        Passes<sbyte>(-128, 7);
        Passes<uint>(uint.MaxValue, 7);
        Passes<ulong>(ulong.MaxValue, 7);
        Passes<bool>(true, false);
    }

    [Fact]
    public void Scalar_and_empty_shapes_run()
    {
        var runtime = SharedRuntime.Get();
        using var scalars = runtime.OpenSession(SmallModels.Identity(OnnxElementType.Float));
        using var x = runtime.CreateTensor<float>(1);
        x.Reshape();
        x.AsSpan<float>()[0] = 42;
        using var run = scalars.CreateRun();
        run.SetInput(0, x);
        run.Execute(TestContext.Current.CancellationToken);
        Assert.Equal(0, run.Outputs[0].Shape.Length);
        Assert.Equal(42, run.Outputs[0].AsSpan<float>()[0]);

        using var empties = runtime.OpenSession(SmallModels.Identity(OnnxElementType.Float, "n", 3));
        x.Reshape(0, 3);
        using var none = empties.CreateRun();
        none.SetInput(0, x);
        none.Execute(TestContext.Current.CancellationToken);
        Assert.Equal([0, 3], none.Outputs[0].Shape.ToArray());
        Assert.Equal(0, none.Outputs[0].AsSpan<float>().Length);
    }

    [Fact]
    public void A_token_outside_the_table_is_an_error_and_the_run_works_again()
    {
        var runtime = SharedRuntime.Get();
        using var session = runtime.OpenSession(SmallModels.Embedder().ToArray());
        using var run = session.CreateRun();
        using var ids = runtime.CreateTensor<long>(1);
        using var mask = runtime.CreateTensor<long>(1);
        ids.Reshape(1, 1);
        mask.Reshape(1, 1);
        run.SetInput(0, ids);
        run.SetInput(1, mask);
        mask.AsSpan<long>()[0] = 1;
        ids.AsSpan<long>()[0] = SmallModels.Vocabulary;
        var error = Assert.Throws<OnnxException>(() => run.Execute());
        Assert.Equal(OnnxErrorCode.InvalidArgument, error.Code);
        Assert.Contains("out of data bounds", error.Text, StringComparison.Ordinal);
        Assert.Equal(0, run.Outputs[0].Length);
        ids.AsSpan<long>()[0] = 1;
        run.Execute(TestContext.Current.CancellationToken);
        Assert.Equal(SmallModels.Width, run.Outputs[0].Length);
    }

    private static void Passes<T>(T first, T second)
        where T : unmanaged
    {
        var runtime = SharedRuntime.Get();
        using var session = runtime.OpenSession(SmallModels.Identity(OnnxElement.Of<T>(), "n"));
        using var x = runtime.WrapTensor<T>(new[] { first, second });
        x.Reshape(2);
        using var run = session.CreateRun();
        run.SetInput(0, x);
        run.Execute();
        Assert.Equal([first, second], run.Outputs[0].AsSpan<T>().ToArray());
    }

    private static void CheckRow(float[] table, ReadOnlySpan<long> ids, ReadOnlySpan<float> actual)
    {
        var mean = new double[SmallModels.Width];
        foreach (var id in ids)
        {
            for (var i = 0; i < mean.Length; i++)
                mean[i] += table[id * mean.Length + i];
        }
        var length = Math.Sqrt(mean.Sum(m => m * m));
        for (var i = 0; i < mean.Length; i++)
            Assert.True(Math.Abs(mean[i] / length - actual[i]) < 1e-6, $"component {i}: {mean[i] / length} by hand, {actual[i]} by the model");
    }
}
