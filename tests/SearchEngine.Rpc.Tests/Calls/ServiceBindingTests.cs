using SearchEngine.Rpc.Server;
using SearchEngine.Rpc.Tests.Probe;
using Xunit;

namespace SearchEngine.Rpc.Tests.Calls;

public sealed class ServiceBindingTests
{
    [Fact]
    public void MethodThatTheContractDoesNotDeclare_IsRefusedByName()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => RpcService.Bind(ProbeMethods.Service, new Misspelt()));
        Assert.Contains("Ecko", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MethodOfAnotherShape_IsRefusedWithTheShapeItNeeds()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => RpcService.Bind(ProbeMethods.Service, new WrongShape()));
        Assert.Contains("ServerStreamHandler<ProbeRequest, ProbeReply>", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MethodsWithoutAHandler_AreDeclaredButNotServed()
    {
        RpcService service = RpcService.Bind(ProbeMethods.Service, new ProbeHandlers());
        Assert.Equal(["Unserved"], service.Methods.Where(method => !method.IsServed).Select(method => method.Descriptor.Name));
        Assert.False(RpcService.Unserved(ProbeMethods.Service).IsServed);
    }

    [Fact]
    public void LimitsOfAnUnknownMethod_AreAnError() =>
        Assert.Throws<KeyNotFoundException>(() => RpcService.Unserved(ProbeMethods.Service).Limit("Nothing", new MessageLimits()));

    private sealed class Misspelt
    {
        public ValueTask<ProbeReply> Ecko(ProbeRequest request, ServerCall call) => ValueTask.FromResult(new ProbeReply());
    }

    private sealed class WrongShape
    {
        public ValueTask<ProbeReply> Count(ProbeRequest request, ServerCall call) => ValueTask.FromResult(new ProbeReply());
    }
}
