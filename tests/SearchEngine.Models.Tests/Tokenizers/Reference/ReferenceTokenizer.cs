using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Models.Tests.Tokenizers.Reference;

/// <summary>The reference library (npm's tokenizers, which is the Rust original compiled for node) as a child process.</summary>
internal static class ReferenceTokenizer
{
    // Set by whoever has installed the tools and wants to know that they were really used.
    private const string RequiredVariable = "REQUIRE_FOREIGN_CLIENTS";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly Lazy<string?> Missing = new(FindMissing);

    private static string Folder { get; } = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "reference");

    /// <summary>Skips the test without node or the package; fails it where REQUIRE_FOREIGN_CLIENTS=1 says they are there.</summary>
    public static void Require()
    {
        if (Missing.Value is { } missing)
        {
            Assert.False(Environment.GetEnvironmentVariable(RequiredVariable) == "1", $"{RequiredVariable} is set, but {missing}");
            Assert.Skip(missing);
        }
    }

    public static Task<IReadOnlyList<ReferenceEncoding?>> EncodeAsync(string tokenizerJson, IReadOnlyList<string> texts) =>
        RunAsync(tokenizerJson, texts.Select(text => JsonSerializer.Serialize(text)), truncation: null);

    /// <param name="tokenizerJson">The file's content.</param>
    /// <param name="pairs">Query and document; the document is what the reference cuts.</param>
    /// <param name="length">Tokens allowed.</param>
    /// <param name="direction">Side that is cut: left or right.</param>
    public static Task<IReadOnlyList<ReferenceEncoding?>> EncodePairsAsync(
        string tokenizerJson, IReadOnlyList<(string Query, string Document)> pairs, int length, string direction) =>
        RunAsync(
            tokenizerJson,
            pairs.Select(pair => JsonSerializer.Serialize(new[] { pair.Query, pair.Document })),
            new { length, direction });

    /// <summary>Lines of classify.js.</summary>
    public static async Task<string[]> ClassifyAsync()
    {
        using var folder = new TempDirectory();
        var output = Path.Combine(folder.Path, "classes.txt");
        await NodeAsync("classify.js", output);
        return await File.ReadAllLinesAsync(output);
    }

    private static async Task<IReadOnlyList<ReferenceEncoding?>> RunAsync(
        string tokenizerJson, IEnumerable<string> lines, object? truncation)
    {
        using var folder = new TempDirectory();
        var tokenizer = Path.Combine(folder.Path, "tokenizer.json");
        var texts = Path.Combine(folder.Path, "texts.jsonl");
        var job = Path.Combine(folder.Path, "job.json");
        var output = Path.Combine(folder.Path, "out.bin");
        await File.WriteAllTextAsync(tokenizer, tokenizerJson);
        await File.WriteAllLinesAsync(texts, lines);
        await File.WriteAllTextAsync(job, JsonSerializer.Serialize(new { tokenizer, truncation, texts }));
        await NodeAsync("encode.js", job, output);
        var bytes = await File.ReadAllBytesAsync(output);
        return ReferenceEncoding.Parse(MemoryMarshal.Cast<byte, int>(bytes));
    }

    private static async Task NodeAsync(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(Folder, script), .. arguments])
        {
            RedirectStandardError = true,
            Environment = { ["TOKENIZERS_PARALLELISM"] = "false" },
        };
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        var errors = process.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        Assert.True(process.ExitCode == 0, $"The reference failed ({script}): {await errors}");
    }

    private static string? FindMissing()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "tokenizers")))
        {
            return "the reference tokenizer is missing: (cd tests/SearchEngine.Models.Tests/reference && npm ci)";
        }
        try
        {
            using var process = Process.Start(new ProcessStartInfo("node", ["--version"]) { RedirectStandardOutput = true })!;
            process.WaitForExit();
            return null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "node is missing: apt-get install -y nodejs npm";
        }
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
