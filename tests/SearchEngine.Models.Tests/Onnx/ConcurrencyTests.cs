using SearchEngine.Models.Onnx;
using Xunit;

namespace SearchEngine.Models.Tests.Onnx;

public sealed class ConcurrencyTests
{
    private const int Threads = 8, RunsPerThread = 300;

    [Fact]
    public void Runs_of_one_session_side_by_side_compute_what_they_compute_alone()
    {
        using var session = SharedRuntime.Get().OpenSession(SmallModels.Embedder().ToArray());
        var expected = Enumerable.Range(0, SmallModels.Vocabulary).Select(id => Embed(session, id, 1)[0]).ToArray();
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread =>
        {
            var ids = Enumerable.Range(0, RunsPerThread).Select(i => (thread * 31 + i) % SmallModels.Vocabulary).ToArray();
            foreach (var id in ids)
                Assert.True(expected[id].SequenceEqual(Embed(session, id, 1)[0]), $"id {id} on thread {thread}: did runs share an output?");
        });
    }

    [Fact]
    public async Task Disposing_a_session_during_runs_ends_them_with_results_or_a_typed_error()
    {
        for (var round = 0; round < 20; round++)
        {
            var session = SharedRuntime.Get().OpenSession(SmallModels.Embedder().ToArray());
            var runners = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                try
                {
                    for (var i = 0; i < 1000; i++)
                        Embed(session, i % SmallModels.Vocabulary, 1);
                    return true;
                }
                catch (ObjectDisposedException)
                {
                    return true;
                }
            })).ToArray();
            await Task.Yield();
            session.Dispose();
            Assert.All(await Task.WhenAll(runners), Assert.True);
        }
    }

    [Fact]
    public async Task A_run_in_use_refuses_a_second_thread_and_its_tensors_refuse_a_reshape()
    {
        var runtime = SharedRuntime.Get();
        using var session = SmallModels.OpenSlow(size: 384, products: 2000);
        using var x = runtime.CreateTensor<float>(384 * 384);
        x.Reshape(384, 384);
        using var run = session.CreateRun();
        run.SetInput(0, x);
        using var stop = new CancellationTokenSource();
        var first = Task.Run(() => run.Execute(stop.Token), TestContext.Current.CancellationToken);
        while (!first.IsCompleted && !x.InUse)
            await Task.Yield();
        Assert.False(first.IsCompleted, "the run ended before it was looked at: make the model slower");
        Assert.Throws<InvalidOperationException>(() => x.Reshape(384, 384));
        Assert.Throws<InvalidOperationException>(() => run.Execute());
        Assert.Throws<InvalidOperationException>(run.Dispose);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        x.Reshape(384, 384);
    }

    private static float[][] Embed(OnnxSession session, long id, int texts)
    {
        using var ids = SharedRuntime.Get().CreateTensor<long>(texts);
        using var mask = SharedRuntime.Get().CreateTensor<long>(texts);
        ids.Reshape(texts, 1);
        mask.Reshape(texts, 1);
        ids.AsSpan<long>().Fill(id);
        mask.AsSpan<long>().Fill(1);
        using var run = session.CreateRun();
        run.SetInput(0, ids);
        run.SetInput(1, mask);
        run.Execute();
        return [.. run.Outputs[0].AsSpan<float>().ToArray().Chunk(SmallModels.Width)];
    }
}
