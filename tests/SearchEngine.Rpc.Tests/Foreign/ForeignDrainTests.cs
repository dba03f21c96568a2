using System.Diagnostics;
using SearchEngine.Rpc.Interop;
using SearchEngine.Rpc.Server;
using SearchEngine.Testing.Processes;
using Xunit;

namespace SearchEngine.Rpc.Tests.Foreign;

/// <summary>A server that is stopped tells its clients, in words that a foreign library understands.</summary>
public sealed class ForeignDrainTests
{
    private static readonly TimeSpan Watchdog = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task AForeignClientSeesNotServingAndThenUnavailable()
    {
        ForeignCommand client = (await ForeignTools.ProgramAsync("python", "interop_client")).Required();
        await using RpcServer server = await InteropServer.StartAsync(0);
        using Process process = ChildProcess.TryStart(client.Program,
            [.. client.Arguments, "--test_case=drain", "--server_host=127.0.0.1", $"--server_port={server.EndPoint.Port}"])!;
        Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            string? ready = await process.StandardOutput.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(Watchdog);
            Assert.True(ready == "READY", $"The client never had its stream and its watch open: {ready} {(process.HasExited ? await errors : "")}");
            await server.StopAsync(CancellationToken.None).WaitAsync(Watchdog);
            string rest = await process.StandardOutput.ReadToEndAsync(CancellationToken.None).WaitAsync(Watchdog);
            Assert.True(rest.StartsWith("PASS drain", StringComparison.Ordinal), $"The drain looked wrong from outside: {rest}{await errors}");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
