using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SearchEngine.Cli.Benching;
using SearchEngine.Protocol.V1;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Cli.Tests;

/// <summary><c>bench dims</c>: run over a file, and what it writes.</summary>
public sealed partial class BenchDimsTests
{
    private const int Rows = 400, Dimension = 64;

    [Fact]
    public async Task BenchDims_OverAFile_WritesTheSamePointsAsJsonCsvAndPage()
    {
        using var folder = new TempDirectory();
        string vectors = folder.File("base.fbin"), csv = folder.File("points.csv"), html = folder.File("points.html");
        WriteVectors(vectors, Rows, seed: 1);
        WriteVectors(folder.File("query.fbin"), 100, seed: 2);

        CliRun run = await CliRun.OfAsync(
            TestContext.Current.CancellationToken, "bench", "dims", "--base", vectors, "--query-vectors", folder.File("query.fbin"), "--dimension", "32", "64",
            "--breadth", "1", "100", "--count", "100", "--repeats", "1", "--csv", csv, "--html", html, "--json");

        Assert.True(run.Code == 0, run.Both);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement report = json.RootElement[0].GetProperty("report");
        JsonElement[] points = [.. report.GetProperty("points").EnumerateArray()];
        // 32 and 64 coordinates, each with two breadths, rescored by all.
        Assert.Equal(4, points.Length);
        Assert.Equal($"{Rows}", report.GetProperty("collectionPoints").GetString());
        double careful = points.Where(p => p.GetProperty("breadth").GetUInt32() == 100 && p.GetProperty("walkDimension").GetUInt32() == 64).Select(p => p.GetProperty("recall").GetDouble()).Single();
        Assert.True(careful > 0.95, $"a walk of breadth 100 over {Rows} rows has recall {careful}");

        string[] lines = await File.ReadAllLinesAsync(csv, TestContext.Current.CancellationToken);
        Assert.Equal(1 + points.Length, lines.Length);
        Assert.All(lines, line => Assert.Equal(lines[0].Split(',').Length, line.Split(',').Length));
        Assert.Equal(points.Select(IsFront), lines.Skip(1).Select(line => line.EndsWith(",1", StringComparison.Ordinal)));
        Assert.Contains(true, points.Select(IsFront));

        string page = await File.ReadAllTextAsync(html, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("prefers-color-scheme: dark", page, StringComparison.Ordinal);
        XElement[] plots = [.. Plots().Matches(page).Select(match => XElement.Parse(match.Value))];
        Assert.Equal(2, plots.Length);
        Assert.All(plots, plot => AssertInside(plot, points.Length));
    }

    [Theory]
    [InlineData("--base and --collection", "--base", "x.fbin", "-c", "docs")]
    [InlineData("neither")]
    public async Task BenchDims_WithAWrongCommandLine_EndsWithTwoAndSaysWhatToGive(string what, params string[] arguments)
    {
        CliRun run = await CliRun.OfAsync(TestContext.Current.CancellationToken, ["bench", "dims", .. arguments]);
        Assert.True(run.Code == 2 && run.Errors.Contains("--base", StringComparison.Ordinal), $"{what}: {run.Both}");
    }

    [Fact]
    public void Csv_QuotesNamesThatHoldItsOwnSigns()
    {
        var report = new SweepReport { Machine = new MachineDescription(), Points = { new SweepPoint { Latency = new LatencyReport() } } };
        Dims dims = Dims.Of([(new Source("c", "a \"b\", c", ""), report)], 10);
        Assert.StartsWith("\"a \"\"b\"\", c\",0,", DimsCsv.Of(dims).Split("\r\n")[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.634, 1.01)]
    [InlineData(0.9991, 0.9999)]
    [InlineData(18, 210)]
    [InlineData(100, 150)]
    [InlineData(0.5, 80_000)]
    public void Rules_LieWithinTheRangeAndAreAFew(double low, double high)
    {
        foreach (double[] rules in (double[][])[[.. PlotScale.Even(low, high)], [.. PlotScale.Logarithmic(low, high)]])
        {
            Assert.InRange(rules.Length, 2, 20);
            Assert.All(rules, rule => Assert.InRange(rule, low - 1e-9, high + 1e-9));
        }
    }

    private static bool IsFront(JsonElement point) => point.TryGetProperty("pareto", out JsonElement pareto) && pareto.GetBoolean();

    // Every point is drawn within the picture, and tells its values.
    private static void AssertInside(XElement plot, int points)
    {
        XElement[] circles = [.. plot.Elements("circle")];
        Assert.Equal(points, circles.Length);
        string[] size = plot.Attribute("viewBox")!.Value.Split(' ');
        foreach (XElement circle in circles)
        {
            Assert.InRange(Number(circle, "cx"), 0, double.Parse(size[2], CultureInfo.InvariantCulture));
            Assert.InRange(Number(circle, "cy"), 0, double.Parse(size[3], CultureInfo.InvariantCulture));
            Assert.Contains("recall", circle.Element("title")!.Value, StringComparison.Ordinal);
        }
    }

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    private static void WriteVectors(string path, int rows, int seed)
    {
        var random = new Random(seed);
        float[] values = [.. Enumerable.Range(0, rows * Dimension).Select(_ => (float)(random.NextDouble() - 0.5))];
        File.WriteAllBytes(path, [.. BitConverter.GetBytes(rows), .. BitConverter.GetBytes(Dimension), .. MemoryMarshal.AsBytes<float>(values)]);
    }

    [GeneratedRegex("<svg viewBox=\"0 0 900.*?</svg>", RegexOptions.Singleline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Plots();
}
