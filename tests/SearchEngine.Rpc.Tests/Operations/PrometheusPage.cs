using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace SearchEngine.Rpc.Tests.Operations;

/// <summary>A page of metrics, read strictly by the rules of the text format 0.0.4: what Prometheus would refuse fails the test.</summary>
internal sealed partial class PrometheusPage
{
    private readonly Dictionary<string, double> _samples = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);

    public PrometheusPage(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        foreach (string line in text[..^1].Split('\n'))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal)) AddType(line);
            else if (!line.StartsWith("# HELP ", StringComparison.Ordinal)) AddSample(line);
        }
        foreach (string name in _types.Where(type => type.Value == "histogram").Select(type => type.Key)) CheckHistogram(name);
    }

    public IReadOnlyDictionary<string, double> Samples => _samples;

    public string TypeOf(string name) => _types[name];

    /// <summary>The sum over all samples of a name that carry the labels.</summary>
    public double Sum(string name, params string[] labels) => _samples
        .Where(sample => NameOf(sample.Key) == name && labels.All(label => sample.Key.Contains(label, StringComparison.Ordinal)))
        .Sum(sample => sample.Value);

    private void AddType(string line)
    {
        Match type = TypeLine().Match(line);
        Assert.True(type.Success, $"No TYPE line: {line}");
        Assert.True(_types.TryAdd(type.Groups[1].Value, type.Groups[2].Value), $"{type.Groups[1].Value} is declared twice.");
    }

    private void AddSample(string line)
    {
        Match sample = SampleLine().Match(line);
        Assert.True(sample.Success, $"No sample: {line}");
        string name = sample.Groups[1].Value;
        Assert.True(_types.ContainsKey(name) || _types.GetValueOrDefault(HistogramOf(name)) == "histogram", $"{name} has no TYPE line before it.");
        string value = sample.Groups[3].Value;
        double number = value switch { "+Inf" => double.PositiveInfinity, "-Inf" => double.NegativeInfinity, _ => double.Parse(value, CultureInfo.InvariantCulture) };
        Assert.True(_samples.TryAdd(name + sample.Groups[2].Value, number), $"The series {name}{sample.Groups[2].Value} comes twice.");
    }

    private void CheckHistogram(string name)
    {
        foreach (KeyValuePair<string, double> infinite in _samples.Where(s => NameOf(s.Key) == name + "_bucket" && s.Key.Contains("le=\"+Inf\"", StringComparison.Ordinal)))
        {
            string labels = infinite.Key[(name.Length + "_bucket".Length)..].Replace(",le=\"+Inf\"", "", StringComparison.Ordinal).Replace("{le=\"+Inf\"}", "", StringComparison.Ordinal);
            Assert.Equal(infinite.Value, _samples[name + "_count" + labels]);
            Assert.Contains(name + "_sum" + labels, _samples.Keys);
        }
    }

    private static string NameOf(string series) => series.Split('{')[0];

    private static string HistogramOf(string name) => HistogramSuffix().Replace(name, "");

    [GeneratedRegex("""^# TYPE ([a-zA-Z_][a-zA-Z0-9_]*) (counter|gauge|histogram)$""")]
    private static partial Regex TypeLine();

    [GeneratedRegex("""^([a-zA-Z_][a-zA-Z0-9_]*)(\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)+\})? (\S+)$""")]
    private static partial Regex SampleLine();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex HistogramSuffix();
}
