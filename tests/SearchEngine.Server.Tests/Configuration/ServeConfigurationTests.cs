using System.Net;
using System.Text;
using SearchEngine.Server.Configuration;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Server.Tests.Configuration;

public sealed class ServeConfigurationTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Flags_go_before_variables_before_the_file_before_defaults_and_each_says_where_it_came_from()
    {
        string file = Write("{ \"listen\": { \"port\": 1, \"host\": \"127.0.0.2\" },\n \"slow_log\": { \"threshold_ms\": 7 }, \"encoders\": [\"a:1\", \"https://b:2\"], }");
        ServeConfiguration read = ServeConfiguration.Load(
            file, new Dictionary<string, string> { ["SEARCHENGINE_LISTEN_PORT"] = "2", ["SEARCHENGINE_SLOW_LOG_THRESHOLD_MS"] = "8" },
            new Dictionary<string, IReadOnlyList<string>> { ["listen.port"] = ["3"] });
        Assert.Equal(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 3), read.Rpc.Listen);
        Assert.Equal(TimeSpan.FromMilliseconds(8), read.Server.Watch.SlowThreshold);
        Assert.Equal([new Uri("http://a:1"), new Uri("https://b:2")], read.Server.Encoders);
        Assert.Equal(
            ["--port", $"{file}, line 1", "SEARCHENGINE_SLOW_LOG_THRESHOLD_MS", "default"],
            ((string[])["listen.port", "listen.host", "slow_log.threshold_ms", "recheck.share"]).Select(key => read.Values.Single(v => v.Setting.Key == key).Source));
    }

    [Fact]
    public void Defaults_are_all_valid_and_names_are_distinct()
    {
        ServeConfiguration read = Load();
        Assert.Equal(7700, read.Rpc.Listen.Port);
        Assert.Null(read.Server.Watch.Listen);
        Assert.Equal(ServeSettings.All.Count, ServeSettings.All.Select(s => s.Flag).Distinct().Count());
        Assert.Equal(ServeSettings.All.Count, ServeSettings.All.Select(s => s.Variable).Distinct().Count());
    }

    [Theory]
    [InlineData("listen.port", "70000", "--port", "0 to 65535")]
    [InlineData("listen.port", "x", "--port", "0 to 65535")]
    [InlineData("listen.host", "localhost", "--host", "no IP address")]
    [InlineData("listen.drain_seconds", "NaN", "--drain-seconds", "0 to 3600")]
    [InlineData("listen.max_calls", "0", "--listen-max-calls", "refuses every call")]
    [InlineData("recheck.share", "1.5", "--recheck-share", "0 to 1")]
    [InlineData("admission.max_caller_share", "0", "--admission-max-caller-share", "always refused")]
    [InlineData("security.insecure", "maybe", "--insecure", "neither true nor false")]
    [InlineData("log.level", "Loud", "--log-level", "Warning")]
    [InlineData("encoders", "nowhere", "--encoder", "host:port")]
    [InlineData("tls.certificate", "x.pem", "tls", "--tls-key")]
    [InlineData("engine.flush_rows", "1", "--engine-flush-rows", "16 to 16777216")]
    [InlineData("audit.max_files", "0", "--audit-max-files", "1 to 1000")]
    public void Bad_value_is_refused_with_its_name_its_value_and_what_is_possible(string key, string value, string name, string says)
    {
        ConfigurationException refused = Assert.Throws<ConfigurationException>(
            () => ServeConfiguration.Load(null, new Dictionary<string, string>(), new Dictionary<string, IReadOnlyList<string>> { [key] = [value] }));
        Assert.StartsWith(name, refused.Message, StringComparison.Ordinal);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.True(key.StartsWith("tls", StringComparison.Ordinal) || refused.Message.Contains($"'{value}'", StringComparison.Ordinal), refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Theory]
    [InlineData("{ \"listen\": {\n \"prot\": 1 } }", 2, "listen.port")]
    [InlineData("{ \"dta\": \"x\" }", 1, "\"data\"")]
    [InlineData("{ \"listen\": { \"port\": [1, 2] } }", 1, "set twice")]
    [InlineData("{ \"data\": null }", 1, "null")]
    [InlineData("{ \"data\": ", 1, "no JSON")]
    public void File_that_says_what_is_not_understood_is_refused_with_its_line_and_the_nearest_name(string json, int line, string says)
    {
        string file = Write(json);
        ConfigurationException refused = Assert.Throws<ConfigurationException>(() => Load(file));
        Assert.Equal((file, line), (refused.Source, refused.Line));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Escapes_of_a_value_are_read_and_bytes_that_are_no_text_are_refused_with_their_line()
    {
        Assert.Equal("/srv/data", Load(Write("{ \"data\": \"\\/srv\\/data\" }")).Server.DataDirectory);
        string file = _folder.File("latin.json");
        foreach (string json in (string[])["{\n \"data\": \"J\u00fcrgen\" }", "{\n \"d\u00e4ta\": 1 }", "{\n \"data\": \"\\ud800\" }"])
        {
            File.WriteAllBytes(file, Encoding.Latin1.GetBytes(json));
            ConfigurationException refused = Assert.Throws<ConfigurationException>(() => Load(file));
            Assert.Equal((file, 2), (refused.Source, refused.Line));
        }
    }

    [Fact]
    public void Misspelt_variable_is_refused_and_one_of_somebody_else_is_not()
    {
        Assert.Contains("SEARCHENGINE_LISTEN_PORT", Assert.Throws<ConfigurationException>(() => Load(variable: "SEARCHENGINE_LISTEN_PROT")).Message, StringComparison.Ordinal);
        Load(variable: "SEARCHENGINE_NATIVE");
        Load(variable: "SEARCHENGINE_LONG_TESTS");
        Load(variable: "SEARCHENGINE_KEY");
        Load(variable: "SEARCHENGINE_SERVER");
    }

    private string Write(string json)
    {
        string file = _folder.File("search.json");
        File.WriteAllText(file, json);
        return file;
    }

    private static ServeConfiguration Load(string? file = null, string variable = "OTHER") =>
        ServeConfiguration.Load(file, new Dictionary<string, string> { [variable] = "1" }, new Dictionary<string, IReadOnlyList<string>>());
}
