using System.Runtime.CompilerServices;
using System.Text;
using SearchEngine.Models.Tokenizers;
using Xunit;

namespace SearchEngine.Models.Tests.Tokenizers.Reference;

/// <summary>Tokenizer files for the tests: one from outside, the others written here.</summary>
internal static class TestTokenizers
{
    private const string SharedVariable = "SEARCHENGINE_SHARED";

    public static Tokenizer Load(string json) => Tokenizer.Load(new MemoryStream(Encoding.UTF8.GetBytes(json)));

    /// <summary>The tokenizer of bert-base-uncased; skips the test where it is not at hand.</summary>
    public static string BertUncased()
    {
        var shared = Environment.GetEnvironmentVariable(SharedVariable) ?? FindShared();
        var path = shared is null ? null : Path.Combine(shared, "data", "tokenizers", "bert-base-uncased", "tokenizer.json");
        if (path is null || !File.Exists(path))
        {
            Assert.Skip($"bert-base-uncased/tokenizer.json is not at hand; set {SharedVariable} to the folder that holds data/tokenizers");
        }
        return File.ReadAllText(path);
    }

    /// <summary>A folder "shared" beside the repository or one of the folders above it.</summary>
    private static string? FindShared([CallerFilePath] string thisFile = "")
    {
        for (var folder = new FileInfo(thisFile).Directory; folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared");
            if (Directory.Exists(Path.Combine(candidate, "data", "tokenizers")))
            {
                return candidate;
            }
        }
        return null;
    }
}
