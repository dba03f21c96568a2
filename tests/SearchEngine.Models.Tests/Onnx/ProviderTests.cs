using SearchEngine.Models.Onnx;
using Xunit;

namespace SearchEngine.Models.Tests.Onnx;

public sealed class ProviderTests
{
    private static readonly byte[] Model = SmallModels.Embedder().ToArray();

    [Fact]
    public void The_report_counts_the_nodes_of_the_provider_that_runs_them()
    {
        using var session = SharedRuntime.Get().OpenSession(Model);
        var report = session.Providers;
        Assert.Equal(("cpu", OnnxProviderOutcome.Registered), (report.Attempts[0].Name, report.Attempts[0].Outcome));
        Assert.SkipUnless(report.AssignmentKnown, "The library is older than 1.25 and cannot tell.");
        Assert.Equal("CPUExecutionProvider", report.Running);
        var nodes = Assert.Single(report.Assigned);
        Assert.Equal(nodes.Nodes, nodes.Operators.Values.Sum());
        Assert.Equal(1, nodes.Operators["Gather"]);
    }

    [Fact]
    public void A_provider_that_the_machine_lacks_falls_back_with_the_reason()
    {
        OnnxProvider[] wanted = [OnnxProvider.Cuda, OnnxProvider.WebGpu, OnnxProvider.Cpu];
        using var session = SharedRuntime.Get().OpenSession(Model, new OnnxSessionOptions { Providers = wanted });
        var report = session.Providers;
        Assert.Equal(["cuda", "webgpu", "cpu"], report.Attempts.Select(a => a.Name));
        Assert.Equal(OnnxProviderOutcome.Registered, report.Attempts[2].Outcome);
        var registered = report.Attempts.Count(a => a.Outcome == OnnxProviderOutcome.Registered);
        Assert.InRange(registered, 1, 2);
        Assert.All(report.Attempts.Where(a => a.Outcome != OnnxProviderOutcome.Registered), a => Assert.NotEmpty(a.Reason));
        if (registered == 1)
            Assert.Equal("CPUExecutionProvider", report.Running);
    }

    [Fact]
    public void Without_cpu_in_the_list_a_missing_provider_refuses_the_model()
    {
        OnnxProvider[] wanted = [OnnxProvider.Cuda];
        var runtime = SharedRuntime.Get();
        using (var probe = runtime.OpenSession(Model, new OnnxSessionOptions { Providers = [.. wanted, OnnxProvider.Cpu] }))
            Assert.SkipWhen(probe.Providers.Attempts[0].Outcome == OnnxProviderOutcome.Registered, "This machine has CUDA.");
        var error = Assert.Throws<OnnxModelException>(() => runtime.OpenSession(Model, new OnnxSessionOptions { Providers = wanted }));
        Assert.Contains("cpu is not among them: cuda:", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Cpu_first_leaves_the_others_untried()
    {
        OnnxProvider[] wanted = [OnnxProvider.Cpu, OnnxProvider.Cuda];
        using var session = SharedRuntime.Get().OpenSession(Model, new OnnxSessionOptions { Providers = wanted });
        Assert.Equal(
            [("cpu", OnnxProviderOutcome.Registered), ("cuda", OnnxProviderOutcome.NotNeeded)],
            session.Providers.Attempts.Select(a => (a.Name, a.Outcome)));
    }

    [Fact]
    public void WebGpu_where_an_adapter_is_found_runs_nodes_and_computes_what_the_cpu_does()
    {
        var runtime = SharedRuntime.Get();
        OnnxProvider[] wanted = [OnnxProvider.WebGpu, OnnxProvider.Cpu];
        using var gpu = runtime.OpenSession(Model, new OnnxSessionOptions { Providers = wanted });
        var attempt = gpu.Providers.Attempts[0];
        Assert.SkipWhen(attempt.Outcome != OnnxProviderOutcome.Registered, $"WebGPU: {attempt.Reason}");
        Assert.Contains(gpu.Providers.Assigned, a => a is { Provider: "WebGpuExecutionProvider", Nodes: > 0 });
        using var cpu = runtime.OpenSession(Model);
        using var ids = runtime.CreateTensor<long>(6);
        using var mask = runtime.CreateTensor<long>(6);
        using var target = runtime.CreateTensor<float>(2 * SmallModels.Width);
        ids.Reshape(2, 3);
        mask.Reshape(2, 3);
        target.Reshape(2, SmallModels.Width);
        mask.AsSpan<long>().Fill(1);
        using var bound = gpu.CreateBoundRun();
        bound.SetInput(0, ids);
        bound.SetInput(1, mask);
        bound.SetOutput(0, target);
        using var reference = cpu.CreateRun();
        using var plain = gpu.CreateRun();
        foreach (var run in new[] { reference, plain })
        {
            run.SetInput(0, ids);
            run.SetInput(1, mask);
        }
        for (var round = 0; round < 3; round++)
        {
            // New contents in the same tensors: a binding that copied once would repeat the first answer.
            for (var i = 0; i < 6; i++)
                ids.AsSpan<long>()[i] = (round * 13 + i * 5) % SmallModels.Vocabulary;
            reference.Execute(TestContext.Current.CancellationToken);
            plain.Execute(TestContext.Current.CancellationToken);
            bound.Execute(TestContext.Current.CancellationToken);
            var expected = reference.Outputs[0].AsSpan<float>().ToArray();
            Assert.Equal(expected, plain.Outputs[0].AsSpan<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-4f);
            Assert.Equal(expected, target.AsSpan<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-4f);
        }
    }
}
