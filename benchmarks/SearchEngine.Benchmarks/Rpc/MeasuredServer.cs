using System.Diagnostics;
using System.Globalization;

namespace SearchEngine.Benchmarks.Rpc;

/// <summary>A server under measurement, in a child process.</summary>
internal sealed class MeasuredServer : IDisposable
{
    private readonly Process _process;

    private MeasuredServer(RpcSystem system, Process process, int port)
    {
        System = system;
        _process = process;
        Port = port;
    }

    public RpcSystem System { get; }

    public int Port { get; }

    public static async Task<MeasuredServer> StartAsync(RpcSystem system)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["rpc-server", "--system", system.ToString()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start) ?? throw new InvalidOperationException("The server process did not start.");
        string port = await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException($"The {system} server ended before it printed its port.");
        return new MeasuredServer(system, process, int.Parse(port, CultureInfo.InvariantCulture));
    }

    public async Task<ServerUse> ReadUseAsync()
    {
        await _process.StandardInput.WriteLineAsync("use");
        await _process.StandardInput.FlushAsync();
        string[] parts = (await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The {System} server has ended.")).Split(' ');
        return new ServerUse(
            long.Parse(parts[0], CultureInfo.InvariantCulture),
            double.Parse(parts[1], CultureInfo.InvariantCulture),
            long.Parse(parts[2], CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10))) _process.Kill();
        _process.Dispose();
    }
}

/// <summary>What a server has used since it started.</summary>
internal readonly record struct ServerUse(long AllocatedBytes, double CpuMilliseconds, long ResidentBytes);
