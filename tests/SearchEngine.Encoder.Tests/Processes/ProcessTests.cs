using System.Globalization;
using SearchEngine.Models.Testing;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;
using SearchEngine.Testing.Processes;
using Xunit;

namespace SearchEngine.Encoder.Tests.Processes;

public sealed class ProcessTests
{
    private static readonly Wire.EncodeOptions Documents = new() { Side = Wire.Side.Document };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_process_killed_in_the_middle_of_a_stream_gives_unavailable_and_the_next_one_serves_the_same_channel()
    {
        SharedRuntime.Require();
        using var folder = TestFolder.OfAllHeads();
        using var first = await EncodeProcess.StartAsync(folder.Path, Cancel);
        using var channel = new RpcChannel(first.Address);
        var api = new EncoderApi(channel);
        await using (var call = await api.StreamAsync(Cancel))
        {
            await call.WriteAsync(new Wire.EncodeStreamRequest { Header = new Wire.EncodeStreamHeader { Options = Documents } });
            await call.ReadAsync();
            var texts = Enumerable.Repeat(string.Join(' ', Enumerable.Repeat("cat", 50)), 1_000);
            await call.WriteAsync(new Wire.EncodeStreamRequest { Items = new Wire.EncodeStreamItems { Texts = { texts } } });
            Assert.NotNull(await call.ReadAsync());
            await first.KillAsync(Cancel);
            var broken = await Assert.ThrowsAsync<RpcException>(async () =>
            {
                while (await call.ReadAsync() is not null)
                {
                }
            });
            Assert.Equal(StatusCode.Unavailable, broken.Code);
        }
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => api.EncodeAsync(Documents, "a cat"))).Code);
        var port = first.Address.Port.ToString(CultureInfo.InvariantCulture);
        using var second = await EncodeProcess.StartAsync(folder.Path, Cancel, "--port", port);
        var reply = await api.EncodeAsync(Documents, "a cat");
        Vectors.Close(Reference.Dense("passage: a cat"), Vectors.Floats(reply.Items[0].Dense), "after the restart");
    }

    [Fact]
    public async Task The_second_port_says_that_the_models_are_ready_and_what_they_did()
    {
        SharedRuntime.Require();
        using var folder = TestFolder.OfAllHeads();
        using var process = await EncodeProcess.StartAsync(folder.Path, Cancel, "--metrics-port", "0");
        using var channel = new RpcChannel(process.Address);
        await new EncoderApi(channel).EncodeAsync(Documents, "a cat", "a dog");
        using var http = new HttpClient { BaseAddress = process.Operations };
        Assert.Equal("ready\n", await http.GetStringAsync("readyz", Cancel));
        var metrics = await http.GetStringAsync("metrics", Cancel);
        foreach (var name in new[] { "queue", "batch", "padded_tokens", "texts", "resident", "busy", "canary_cosine", "tokenize" })
            Assert.Contains($"searchengine_encoder_{name}", metrics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("tokenizer.json")]
    [InlineData("encoder.json")]
    [InlineData("golden.json")]
    public async Task A_damaged_folder_is_refused_at_start_with_the_file_and_the_reason(string name)
    {
        SharedRuntime.Require();
        using var folder = TestFolder.OfAllHeads();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, name), "{\"not\": what it should be", Cancel);
        var (exitCode, error) = await EncodeProcess.RunAsync(Cancel, "--model", folder.Path);
        Assert.Equal(1, exitCode);
        Assert.Contains(name, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_started_says_why()
    {
        SharedRuntime.Require();
        using var folder = TestFolder.OfAllHeads();
        Assert.Contains("no/such/folder", (await EncodeProcess.RunAsync(Cancel, "--model", "no/such/folder")).Error, StringComparison.Ordinal);
        Assert.Contains("\"all heads\"", (await EncodeProcess.RunAsync(Cancel, "--model", folder.Path, folder.Path)).Error, StringComparison.Ordinal);
        Assert.Contains("'gpu'", (await EncodeProcess.RunAsync(Cancel, "--model", folder.Path, "--providers", "gpu")).Error, StringComparison.Ordinal);
        Assert.Contains("Executors", (await EncodeProcess.RunAsync(Cancel, "--model", folder.Path, "--executors", "0")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("python")]
    [InlineData("node")]
    public async Task The_tour_of_the_encoder_passes_in_every_step(string language)
    {
        const int Steps = 8;
        SharedRuntime.Require();
        var tour = (await ForeignTools.ProgramAsync(language, "encoder_tour")).Required();
        using var folder = TestFolder.OfAllHeads();
        using var process = await EncodeProcess.StartAsync(folder.Path, Cancel);
        var report = await ForeignReport.RunAsync(tour, "--server", process.Address.Authority);
        Assert.True(report.Results.Values.All(r => r.Verdict == "PASS"), $"A step of the {language} tour failed:\n{report.Output}");
        Assert.True(report.Results.Count == Steps, $"The {language} tour took {report.Results.Count} of {Steps} steps:\n{report.Output}");
    }
}
