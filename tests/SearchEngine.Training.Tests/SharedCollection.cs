using System.Runtime.CompilerServices;
using Xunit;

namespace SearchEngine.Training.Tests;

/// <summary>The test collection cranfield, which is not part of the repository.</summary>
internal static class SharedCollection
{
    private const string SharedVariable = "SEARCHENGINE_SHARED";

    /// <summary>In the folder that the variable names, or in a folder "shared" beside the repository or one of the folders above it.</summary>
    public static string FindOrSkip([CallerFilePath] string thisFile = "")
    {
        var candidates = new List<string?> { Environment.GetEnvironmentVariable(SharedVariable) };
        for (var folder = new FileInfo(thisFile).Directory; folder is not null; folder = folder.Parent)
            candidates.Add(Path.Combine(folder.FullName, "shared"));
        var path = candidates.OfType<string>().Select(shared => Path.Combine(shared, "data", "cranfield")).FirstOrDefault(Directory.Exists);
        if (path is null)
            Assert.Skip($"The collection cranfield is not at hand; set {SharedVariable} to the folder that holds data/cranfield");
        return path!;
    }
}
