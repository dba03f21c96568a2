namespace SearchEngine.Rpc.Tests.Robustness;

internal static class ProbePaths
{
    public const string Echo = "/searchengine.rpc.probe.Probe/Echo";
    public const string Count = "/searchengine.rpc.probe.Probe/Count";
    public const string Collect = "/searchengine.rpc.probe.Probe/Collect";
    public const string Chat = "/searchengine.rpc.probe.Probe/Chat";
    public const string Watch = "/grpc.health.v1.Health/Watch";
}
