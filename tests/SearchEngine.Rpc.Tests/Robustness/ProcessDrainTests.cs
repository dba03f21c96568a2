using System.Diagnostics;
using System.Globalization;
using SearchEngine.Rpc.Health.V1;
using SearchEngine.Rpc.Tests.Robustness.Raw;
using Xunit;

namespace SearchEngine.Rpc.Tests.Robustness;

/// <summary>A real process that is told to stop: the interoperability server, which drains for one second.</summary>
public sealed class ProcessDrainTests
{
    private const string FullDuplex = "/grpc.testing.TestService/FullDuplexCall";

    [Fact]
    public async Task Sigterm_ends_a_process_with_open_streams_in_seconds_and_tells_them()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Windows has no SIGTERM.");
        string program = Path.Combine(AppContext.BaseDirectory, "SearchEngine.Rpc.Interop.dll");
        using Process server = Process.Start(new ProcessStartInfo("dotnet", ["exec", program, "--port", "0"]) { RedirectStandardOutput = true })!;
        try
        {
            string? line = await Guard.WaitAsync(server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask(), "the server's port");
            Assert.StartsWith("LISTENING ", line, StringComparison.Ordinal);
            await using RawConnection connection = await RawConnection.OpenAsync(int.Parse(line!["LISTENING ".Length..], CultureInfo.InvariantCulture));
            RawStream watch = await connection.CallAsync(ProbePaths.Watch, GrpcBytes.Frame(new HealthCheckRequest()));
            RawStream[] open = [await connection.CallAsync(FullDuplex), await connection.CallAsync(FullDuplex)];
            await Guard.WaitAsync(watch.HeadersArrived, "the first health report");
            await connection.PingAsync();
            await TerminateAsync(server);
            await Guard.WaitAsync(watch.Ended, "the end of the health watch");
            Assert.Equal(
                [HealthCheckResponse.Types.ServingStatus.Serving, HealthCheckResponse.Types.ServingStatus.NotServing],
                GrpcBytes.Split(watch.Data())!.Select(body => HealthCheckResponse.Parser.ParseFrom(body).Status));
            foreach (RawStream stream in open)
            {
                await Guard.WaitAsync(stream.Ended, "the end of an open stream");
                Assert.True(stream.GrpcStatus == 14, $"A process that ends tells its streams UNAVAILABLE: {stream}");
            }
            await Guard.WaitAsync(server.WaitForExitAsync(TestContext.Current.CancellationToken), "the end of the process");
            Assert.True(server.ExitCode is 0 or 143, $"The process ended with {server.ExitCode}, not in order.");
        }
        finally
        {
            if (!server.HasExited) server.Kill();
        }
    }

    private static async Task TerminateAsync(Process process)
    {
        using Process kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)])!;
        await Guard.WaitAsync(kill.WaitForExitAsync(TestContext.Current.CancellationToken), "kill");
    }
}
