using System.Diagnostics;
using System.Globalization;

namespace SearchEngine.Benchmarks.Vectors;

/// <summary>
/// One peer program (benchmarks/peers), built or opened, waiting on its standard input between passes.
/// </summary>
internal sealed class PeerProcess : ISearchSystem
{
    private readonly Process _process;

    private PeerProcess(Process process, BuildLine build)
    {
        _process = process;
        Build = build;
    }

    public BuildLine Build { get; }

    public bool HasAdaptiveStop => false;

    public static PeerProcess Start(Peer peer, string program, string indexFile, AnnArguments arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                arguments.Base.FullName, arguments.Queries.FullName, arguments.Truth.FullName,
                // Peers have no cosine of their own: the sets are unit vectors, for which it is the inner product.
                arguments.Metric == "cosine" ? "ip" : arguments.Metric,
                Text(arguments.Links), Text(arguments.BuildBreadth), indexFile, Text(arguments.BuildThreads), peer.Variant,
                Text(arguments.K),
            },
        };
        Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        return new PeerProcess(process, JsonLines.Parse<BuildLine>(ReadLine(process, program)));
    }

    public PassResult Pass(OperatingPoint point, int threads)
    {
        _process.StandardInput.WriteLine($"{Text(point.Breadth)} {Text(threads)}");
        _process.StandardInput.Flush();
        return JsonLines.Parse<PassResult>(ReadLine(_process, _process.StartInfo.FileName));
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string ReadLine(Process process, string program) =>
        process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{program} ended early; see its message above.");

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
