using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using SearchEngine.Protocol.V1;
using SearchEngine.Rpc.Server;

namespace SearchEngine.Benchmarks.Rpc;

/// <summary>
/// <c>rpc-server</c>: one of the measured servers in a process of its own. Prints its port; every line on standard input is
/// answered with the managed bytes allocated and the CPU milliseconds used so far; end of input ends it.
/// </summary>
internal static class RpcServerCommand
{
    private static readonly Option<RpcSystem> System = new("--system") { Required = true };

    public static Command Create()
    {
        var command = new Command("rpc-server", "One of the servers that `rpc` measures.") { System };
        command.Hidden = true;
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetRequiredValue(System), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(RpcSystem system, CancellationToken cancellation)
    {
        (IAsyncDisposable server, int port) = system == RpcSystem.Kestrel ? await StartKestrelAsync() : await StartRpcAsync(system);
        await using (server)
        {
            Console.WriteLine(port.ToString(CultureInfo.InvariantCulture));
            while (await Console.In.ReadLineAsync(cancellation) is not null)
            {
                using var self = Process.GetCurrentProcess();
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{GC.GetTotalAllocatedBytes(precise: true)} {self.TotalProcessorTime.TotalMilliseconds} {self.WorkingSet64}"));
            }
        }
        return 0;
    }

    private static async Task<(IAsyncDisposable Server, int Port)> StartRpcAsync(RpcSystem system)
    {
        RpcService service = RpcService.Bind(
            SearchReflection.Descriptor.Services.Single(service => service.Name == "Search"), new SearchHandlers(system));
        RpcServer server = await RpcServer.StartAsync(new RpcServerOptions { MaxStreamsPerConnection = 1_024 }, [service]);
        return (server, server.EndPoint.Port);
    }

    /// <summary>The least that answers such a call: reads the request to its end, writes the same bytes, sets the same trailer.</summary>
    private static async Task<(IAsyncDisposable Server, int Port)> StartKestrelAsync()
    {
        byte[] reply = RpcWorkload.Frame(RpcWorkload.Reply());
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1_024;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        WebApplication app = builder.Build();
        app.Run(async http =>
        {
            PipeReader body = http.Request.BodyReader;
            while (true)
            {
                ReadResult read = await body.ReadAsync();
                body.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) break;
            }
            http.Response.ContentType = "application/grpc";
            reply.CopyTo(http.Response.BodyWriter.GetSpan(reply.Length));
            http.Response.BodyWriter.Advance(reply.Length);
            http.Response.AppendTrailer("grpc-status", "0");
        });
        await app.StartAsync();
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return (app, new Uri(address).Port);
    }

    /// <summary>The handler reads the vector's bytes where they lie, as a search would.</summary>
    private sealed class SearchHandlers(RpcSystem system)
    {
        private readonly SearchReply _prepared = RpcWorkload.Reply();

        public ValueTask<SearchReply> Search(SearchRequest request, ServerCall call)
        {
            if (request.Query.Vector.Data.Span.Length != request.Query.Vector.Dimension * sizeof(float))
            {
                throw new InvalidOperationException("The benchmark's request has another vector than it says.");
            }
            if (system == RpcSystem.Rpc) return ValueTask.FromResult(_prepared);
            SearchReply reply = system == RpcSystem.RpcRentedReplies ? call.RentReply<SearchReply>() : new SearchReply();
            RpcWorkload.Fill(reply);
            return ValueTask.FromResult(reply);
        }

        public async ValueTask SearchPipeline(
            RequestStream<PipelineRequest> requests, ReplyStream<PipelineReply> replies, ServerCall call)
        {
            while (await requests.ReadAsync() is not null) await replies.WriteAsync(new PipelineReply());
        }
    }
}
