using Google.Protobuf.Reflection;
using SearchEngine.Rpc.Client;

namespace SearchEngine.Rpc.Tests.Probe;

/// <summary>The methods of the probe service for the client side.</summary>
internal static class ProbeMethods
{
    public static ServiceDescriptor Service { get; } = ProbeReflection.Descriptor.Services.Single();

    public static RpcMethod<ProbeRequest, ProbeReply> Echo { get; } = new(Service, "Echo");

    public static RpcMethod<ProbeRequest, ProbeReply> Count { get; } = new(Service, "Count");

    public static RpcMethod<ProbeRequest, ProbeReply> Collect { get; } = new(Service, "Collect");

    public static RpcMethod<ProbeRequest, ProbeReply> Chat { get; } = new(Service, "Chat");

    public static RpcMethod<ProbeRequest, ProbeReply> Unserved { get; } = new(Service, "Unserved");
}
