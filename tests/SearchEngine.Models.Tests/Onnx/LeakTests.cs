using System.Diagnostics;
using System.Runtime.CompilerServices;
using SearchEngine.Models.Onnx;
using SearchEngine.Models.Onnx.Interop;
using Xunit;

namespace SearchEngine.Models.Tests.Onnx;

[Collection(nameof(Serial))]
public sealed class LeakTests
{
    private const long AllowedGrowthBytes = 24L << 20;

    [Fact]
    public void Every_native_object_is_released_after_success_and_after_every_kind_of_failure()
    {
        var runtime = SharedRuntime.Get();
        Settle();
        var before = Counts();
        for (var i = 0; i < 50; i++)
            OpenRunAndFail(runtime);
        Assert.True(before.SequenceEqual(Counts()), $"native objects before {Text(before)}, after {Text(Counts())}");
    }

    [Fact]
    public void What_was_not_disposed_is_released_by_the_finaliser()
    {
        var runtime = SharedRuntime.Get();
        Settle();
        var before = Counts();
        for (var i = 0; i < 20; i++)
            Forget(runtime);
        Settle();
        Assert.True(before.SequenceEqual(Counts()), $"native objects before {Text(before)}, after {Text(Counts())}");
    }

    [Fact]
    public void Resident_memory_stays_flat_over_runs_of_random_shapes_and_over_sessions()
    {
        var runtime = SharedRuntime.Get();
        using var session = runtime.OpenSession(SmallModels.Embedder().ToArray(), new OnnxSessionOptions { MemoryPattern = false });
        using var run = session.CreateRun();
        using var ids = runtime.CreateTensor<long>(64 * 256);
        using var mask = runtime.CreateTensor<long>(64 * 256);
        run.SetInput(0, ids);
        run.SetInput(1, mask);
        var random = new Random(11);
        void Round()
        {
            for (var i = 0; i < 5000; i++)
            {
                var (batch, length) = (1 + random.Next(64), 1 + random.Next(256));
                ids.Reshape(batch, length);
                mask.Reshape(batch, length);
                mask.AsSpan<long>().Fill(1);
                run.Execute();
            }
            for (var i = 0; i < 50; i++)
                OpenRunAndFail(runtime);
        }
        Round();
        Settle();
        var before = Resident();
        for (var i = 0; i < 4; i++)
            Round();
        Settle();
        var growth = Resident() - before;
        Assert.True(growth < AllowedGrowthBytes, $"resident memory grew by {growth >> 20} MiB over 20,000 runs and 200 sessions");
    }

    [Fact]
    public void Runs_allocate_nothing_on_the_managed_heap_after_warm_up()
    {
        var runtime = SharedRuntime.Get();
        using var session = runtime.OpenSession(SmallModels.Embedder().ToArray());
        using var run = session.CreateRun();
        using var bound = session.CreateBoundRun();
        using var ids = runtime.CreateTensor<long>(64);
        using var mask = runtime.CreateTensor<long>(64);
        using var target = runtime.CreateTensor<float>(64);
        run.SetInput(0, ids);
        run.SetInput(1, mask);
        bound.SetInput(0, ids);
        bound.SetInput(1, mask);
        bound.SetOutput(0, target);
        using var stop = new CancellationTokenSource();
        float sum = 0;
        void Step(int i)
        {
            ids.Reshape(1 + i % 4, 8);
            mask.Reshape(1 + i % 4, 8);
            target.Reshape(1 + i % 4, SmallModels.Width);
            run.Execute(stop.Token);
            sum += run.Outputs[0].AsSpan<float>()[0];
            bound.Execute(stop.Token);
        }
        for (var i = 0; i < 2000; i++)
            Step(i);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Step(i);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        // Tiered compilation may allocate a little on the running thread; one byte per run would already be a thousand.
        Assert.True(allocated < 1000, $"{allocated} bytes were allocated by 2,000 runs (sum {sum})");
    }

    private static void OpenRunAndFail(OnnxRuntime runtime)
    {
        using var session = runtime.OpenSession(SmallModels.Embedder().ToArray());
        using var run = session.CreateRun();
        using var bound = session.CreateBoundRun();
        using var ids = runtime.CreateTensor<long>(4);
        using var mask = runtime.WrapTensor<long>(new long[] { 1, 1, 1, 1 });
        ids.Reshape(2, 2);
        mask.Reshape(2, 2);
        run.SetInput(0, ids);
        run.SetInput(1, mask);
        run.Execute();
        ids.AsSpan<long>().Fill(-1_000);
        Assert.Throws<OnnxException>(() => run.Execute());
        Assert.Throws<OnnxModelException>(() => runtime.OpenSession([8, 1, 58, 0]));
        Assert.Throws<OnnxModelException>(() => runtime.OpenSession(
            SmallModels.Embedder().ToArray(), new OnnxSessionOptions { Providers = [OnnxProvider.Cuda] }));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(OnnxRuntime runtime)
    {
        var session = runtime.OpenSession(SmallModels.Embedder().ToArray());
        var ids = runtime.CreateTensor<long>(2);
        ids.Reshape(1, 2);
        var run = session.CreateRun();
        run.SetInput(0, ids);
        run.SetInput(1, ids);
        run.Execute();
        session.CreateBoundRun().SetInput(0, ids);
    }

    private static int[] Counts() => [.. Enum.GetValues<OrtKind>().Select(OrtHandle.Live)];

    private static string Text(int[] counts) =>
        string.Join(", ", counts.Select((count, kind) => $"{(OrtKind)kind} {count}"));

    private static void Settle()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
