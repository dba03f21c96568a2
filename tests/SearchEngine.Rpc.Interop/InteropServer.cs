using System.Net;
using Google.Protobuf.Reflection;
using Grpc.Testing;
using SearchEngine.Rpc.Server;

namespace SearchEngine.Rpc.Interop;

/// <summary>The services of gRPC's interoperability tests on SearchEngine.Rpc, in a process of their own or inside a test.</summary>
internal static class InteropServer
{
    // The default of the official servers, which the public max_message_size cases assume.
    public const int MaxRequestBytes = 4 * 1024 * 1024;

    public static Task<RpcServer> StartAsync(int port, TlsOptions? tls = null)
    {
        IList<ServiceDescriptor> services = TestReflection.Descriptor.Services;
        RpcService test = RpcService.Bind(services.Single(service => service.Name == "TestService"), new TestServiceHandlers());
        var limits = new MessageLimits { MaxRequestBytes = MaxRequestBytes, MaxReplyBytes = TestServiceHandlers.MaxReplyBytes };
        foreach (ServerMethod method in test.Methods) test.Limit(method.Descriptor.Name, limits);
        return RpcServer.StartAsync(
            new RpcServerOptions
            {
                Listen = new IPEndPoint(IPAddress.Loopback, port),
                Tls = tls,
                ErrorDomain = "grpc.testing",
                DrainTime = TimeSpan.FromSeconds(1),
            },
            [test, RpcService.Unserved(services.Single(service => service.Name == "UnimplementedService"))]);
    }
}
