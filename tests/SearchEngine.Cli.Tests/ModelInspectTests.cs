using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using SearchEngine.Models.Folder;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Onnx;
using SearchEngine.Models.Onnx.Writing;
using SearchEngine.Models.Tokenizers;
using SearchEngine.Testing;
using SearchEngine.Testing.Processes;
using Xunit;

namespace SearchEngine.Cli.Tests;

public sealed class ModelInspectTests
{
    private const int Width = 4;

    private static readonly string[] Tokens =
    [
        WordPieceFile.Padding, WordPieceFile.Unknown, WordPieceFile.Start, WordPieceFile.End, WordPieceFile.Mask, "red", "cat",
    ];

    [Fact]
    public async Task AFolderThatIsMissing_EndsWithOneAndOneLine()
    {
        (int code, string output, string error) = await RunAsync("model", "inspect", "/no/such/folder");
        Assert.SkipWhen(code == 3, error);
        Assert.Equal((1, ""), (code, output));
        Assert.Equal("There is no folder /no/such/folder.", error.Trim());
    }

    [Fact]
    public async Task ASoundFolder_IsShownAndAChangedOneFailsItsSelfTest()
    {
        using var folder = new TempDirectory();
        if (!TryWrite(folder)) Assert.Skip("ONNX Runtime's library is not there.");
        (int code, string output, string error) = await RunAsync("model", "inspect", folder.Path);
        Assert.True(code == 0, $"{output}{error}");
        Assert.Contains("self-test      passed: 1 texts", output, StringComparison.Ordinal);

        (code, output, error) = await RunAsync("model", "inspect", folder.Path, "--json");
        Assert.True(code == 0, $"{output}{error}");
        JsonNode shown = JsonNode.Parse(output)!;
        Assert.StartsWith("s1-", (string?)shown["fingerprint"]!["space"], StringComparison.Ordinal);

        // What inspection shows as the descriptor is an encoder.json.
        shown["descriptor"]!["pooling"] = "cls";
        await File.WriteAllTextAsync(folder.File(EncoderFile.FileName), shown["descriptor"]!.ToJsonString(), TestContext.Current.CancellationToken);
        (code, output, _) = await RunAsync("model", "inspect", folder.Path, "--json");
        Assert.Equal(2, code);
        using JsonDocument changed = JsonDocument.Parse(output);
        Assert.False(changed.RootElement.GetProperty("self_test").GetProperty("passed").GetBoolean());
        Assert.NotEqual((string?)shown["fingerprint"]!["space"], changed.RootElement.GetProperty("fingerprint").GetProperty("space").GetString());
    }

    private static bool TryWrite(TempDirectory folder)
    {
        using (FileStream tokenizer = File.Create(folder.File("tokenizer.json"))) new WordPieceFile { Tokens = Tokens }.Write(tokenizer);
        var graph = new OnnxGraph("look-up");
        graph.Input("input_ids", OnnxElementType.Int64, "batch", "sequence");
        graph.Input("attention_mask", OnnxElementType.Int64, "batch", "sequence");
        float[] weights = [.. Enumerable.Range(0, Tokens.Length * Width).Select(i => MathF.Sin(i))];
        string table = graph.Initializer<float>("table", weights, Tokens.Length, Width);
        graph.NamedNode("states", "Gather", [table, "input_ids"], OnnxAttribute.Int("axis", 0));
        graph.Output("states", OnnxElementType.Float, "batch", "sequence", Width);
        File.WriteAllBytes(folder.File("model.onnx"), new OnnxModel(graph).ToArray());
        EncoderFile.Write(folder.Path, new EncoderDescriptor { MaxTokens = 16, Dense = new DenseHead("states", Width, []) });
        try
        {
            using OnnxRuntime runtime = OnnxRuntime.Load();
            using EncoderModel model = EncoderModel.Open(folder.Path, runtime);
            GoldenFile.Write(model, [new GoldenText("red cat", null, EncoderSide.Symmetric, "", [], null, null)]);
            return true;
        }
        catch (OnnxLibraryException)
        {
            return false;
        }
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using Process process = ServeProcess.Launch(arguments);
        Task<string> error = process.StandardError.ReadToEndAsync(cancellation);
        string output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, output, await error);
    }
}
