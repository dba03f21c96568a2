using System.CommandLine;
using System.Globalization;
using SearchEngine.Testing.Processes;
using Xunit;

namespace SearchEngine.Cli.Tests.Packaging;

/// <summary>The units in src/packaging/systemd: options that exist, and a stop that is longer than the drain.</summary>
public sealed class SystemdUnitTests
{
    private const string Executable = "/opt/searchengine/searchengine ";

    /// <summary>Seconds that the host adds to the drain before it gives up (RpcServer), and as many again to close the log.</summary>
    private const double Closing = 6;

    [Theory]
    [InlineData("searchengine.service")]
    [InlineData("searchengine-encoder.service")]
    public void A_unit_starts_a_command_that_exists_and_stops_no_sooner_than_it_has_drained(string name)
    {
        string[] unit = File.ReadAllLines(Path.Combine(ChildProcess.RepositoryRoot, "src", "packaging", "systemd", name));
        // What /metrics asks the kernel stands in no group of systemd's; a call that is not allowed ends the process.
        Assert.Equal(["@system-service", "mincore"], Value(unit, "SystemCallFilter").Split(' '));
        string start = Value(unit, "ExecStart");
        Assert.StartsWith(Executable, start, StringComparison.Ordinal);
        var root = new RootCommand();
        root.Subcommands.Add(ServeCommand.Create());
        root.Subcommands.Add(EncodeCommand.Create());
        string[] words = start[Executable.Length..].Split(' ');

        ParseResult parsed = root.Parse(words);

        Assert.True(parsed.Errors.Count == 0, $"{name} starts what the command line refuses: {string.Join("; ", parsed.Errors.Select(static e => e.Message))}");
        double drain = double.Parse(words[Array.IndexOf(words, "--drain-seconds") + 1], CultureInfo.InvariantCulture);
        double stop = double.Parse(Value(unit, "TimeoutStopSec"), CultureInfo.InvariantCulture);
        Assert.True(stop >= drain + Closing, $"{name}: systemd kills after {stop} s what drains for {drain} s and closes after that.");
    }

    private static string Value(string[] unit, string key) =>
        unit.Single(line => line.StartsWith(key + "=", StringComparison.Ordinal))[(key.Length + 1)..];
}
