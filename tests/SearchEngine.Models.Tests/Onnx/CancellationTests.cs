using SearchEngine.Models.Onnx;
using Xunit;

namespace SearchEngine.Models.Tests.Onnx;

public sealed class CancellationTests
{
    private const int Size = 384;

    [Fact]
    public async Task A_running_computation_stops_between_nodes_and_the_run_works_again()
    {
        var runtime = SharedRuntime.Get();
        using var session = SmallModels.OpenSlow(Size, products: 2000);
        using var x = runtime.CreateTensor<float>(Size * Size);
        using var y = runtime.CreateTensor<float>(Size * Size);
        x.Reshape(Size, Size);
        y.Reshape(Size, Size);
        using var run = session.CreateRun();
        using var bound = session.CreateBoundRun();
        run.SetInput(0, x);
        bound.SetInput(0, x);
        bound.SetOutput(0, y);
        foreach (Action<CancellationToken> execute in new Action<CancellationToken>[] { run.Execute, bound.Execute })
        {
            using var stop = new CancellationTokenSource();
            var running = Task.Run(() => execute(stop.Token), TestContext.Current.CancellationToken);
            while (!running.IsCompleted && !x.InUse)
                await Task.Yield();
            await stop.CancelAsync();
            var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
            Assert.Equal(stop.Token, error.CancellationToken);
            Assert.True(error.InnerException is OnnxException, "what the library said is kept");
        }
        // The same options, rearmed: without that every later run would stop at once.
        using var quick = SmallModels.OpenSlow(Size, products: 1);
        using var again = quick.CreateRun();
        again.SetInput(0, x);
        using var late = new CancellationTokenSource();
        again.Execute(late.Token);
        await late.CancelAsync();
        Assert.Throws<OperationCanceledException>(() => again.Execute(late.Token));
        again.Execute(TestContext.Current.CancellationToken);
        Assert.Equal(Size * Size, again.Outputs[0].Length);
    }

    [Fact]
    public void A_run_that_was_stopped_computes_when_it_is_executed_again()
    {
        var runtime = SharedRuntime.Get();
        using var session = SmallModels.OpenSlow(Size, products: 20);
        using var x = runtime.CreateTensor<float>(Size * Size);
        x.Reshape(Size, Size);
        using var run = session.CreateRun();
        run.SetInput(0, x);
        var stopped = 0;
        for (var round = 0; round < 50; round++)
        {
            using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(round % 10));
            try
            {
                run.Execute(stop.Token);
            }
            catch (OperationCanceledException)
            {
                stopped++;
                Assert.Equal(0, run.Outputs[0].Length);
            }
            run.Execute(TestContext.Current.CancellationToken);
            Assert.Equal(Size * Size, run.Outputs[0].Length);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{stopped} of 50 runs were stopped on the way");
    }
}
