using System.Diagnostics;
using SearchEngine.Protocol.V1;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;
using SearchEngine.Rpc.Health.V1;
using SearchEngine.Rpc.Reflection.V1;
using SearchEngine.Testing.Processes;
using Xunit;

namespace SearchEngine.Cli.Tests;

/// <summary><c>serve</c> as a process of its own, as a user runs it.</summary>
public sealed class ServeTests
{
    private static readonly RpcMethod<HealthCheckRequest, HealthCheckResponse> Check = new(HealthReflection.Descriptor.Services[0], "Check");
    private static readonly RpcMethod<HealthCheckRequest, HealthCheckResponse> Watch = new(HealthReflection.Descriptor.Services[0], "Watch");
    private static readonly RpcMethod<EncodeRequest, EncodeReply> Encode = new(EncoderReflection.Descriptor.Services.Single(), "Encode");
    private static readonly RpcMethod<ServerReflectionRequest, ServerReflectionResponse> Reflect = new(ReflectionReflection.Descriptor.Services[0], "ServerReflectionInfo");

    [Fact]
    public async Task Serve_SaysItIsHealthyAndEndsWithinItsDrainTimeOnSigterm()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using ServeProcess serve = await ServeProcess.StartAsync(cancellation);
        using var channel = new RpcChannel(serve.Address);
        await using ServerStreamCall<HealthCheckRequest, HealthCheckResponse> watch = await channel.ServerStreamAsync(Watch, new HealthCheckRequest(), cancellation: cancellation);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await watch.ReadAsync())!.Status);

        serve.Terminate();

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, (await watch.ReadAsync())!.Status);
        RpcException ended = await Assert.ThrowsAsync<RpcException>(async () => await watch.ReadAsync());
        Assert.Equal((StatusCode.Unavailable, RpcReasons.Draining), (ended.Code, ended.Reason));
        Assert.Equal(0, await serve.ExitCodeAsync(cancellation));
    }

    [Fact]
    public async Task ServiceOfAnotherProcess_IsUnknownHere()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using ServeProcess serve = await ServeProcess.StartAsync(cancellation);
        using var channel = new RpcChannel(serve.Address);
        // The encoder is a process of its own.
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(Encode, new EncodeRequest(), cancellation: cancellation));
        Assert.Equal((StatusCode.Unimplemented, RpcReasons.ServiceUnknown), (refused.Code, refused.Reason));
        Assert.Equal("searchengine.v1", refused.Domain);
        RpcException unknown = await Assert.ThrowsAsync<RpcException>(() =>
            channel.UnaryAsync(Check, new HealthCheckRequest { Service = "searchengine.v1.Nothing" }, cancellation: cancellation));
        Assert.Equal(StatusCode.NotFound, unknown.Code);
    }

    [Fact]
    public async Task Reflection_ListsOnlyWhatIsServed()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using ServeProcess serve = await ServeProcess.StartAsync(cancellation);
        using var channel = new RpcChannel(serve.Address);
        await using DuplexCall<ServerReflectionRequest, ServerReflectionResponse> call = await channel.DuplexAsync(Reflect, cancellation: cancellation);
        await call.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        string[] listed = [.. (await call.ReadAsync())!.ListServicesResponse.Service.Select(service => service.Name)];
        Assert.Equal(["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection", "searchengine.v1.Admin", "searchengine.v1.Collections", "searchengine.v1.Evaluation", "searchengine.v1.Points", "searchengine.v1.Rerank", "searchengine.v1.Search"], listed);
    }

    [Theory]
    [InlineData(2, "--host localhost", "--host")]
    [InlineData(2, "--port 70000", "--port")]
    [InlineData(2, "--tls-cert only.pem", "--tls-key")]
    [InlineData(1, "--tls-cert absent.pem --tls-key absent.pem", "absent.pem")]
    public async Task WrongOption_IsRefusedInOneLineThatNamesIt(int code, string options, string named)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using Process process = ServeProcess.Launch(["serve", .. options.Split(' ')]);
        string error = await process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        Assert.Equal(code, process.ExitCode);
        Assert.Contains(named, error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
