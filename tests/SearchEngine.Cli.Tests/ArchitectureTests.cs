using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Xunit;

namespace SearchEngine.Cli.Tests;

/// <summary>The arrows of the design, read from the compiled assemblies: a reference that is never used is not an arrow.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> AllowedArrows = new(StringComparer.Ordinal)
    {
        ["SearchEngine.Vectors"] = [],
        ["SearchEngine.Collections"] = ["SearchEngine.Vectors"],
        ["SearchEngine.Models"] = [],
        ["SearchEngine.Evaluation"] = [],
        ["SearchEngine.Protocol"] = [],
        ["SearchEngine.Rpc"] = [],
        // What both processes make of the contract: typed errors and the limits of envelopes.
        ["SearchEngine.Contract"] = ["SearchEngine.Rpc", "SearchEngine.Protocol"],
        ["SearchEngine.Encoder"] = ["SearchEngine.Models", "SearchEngine.Contract", "SearchEngine.Rpc", "SearchEngine.Protocol"],
        ["SearchEngine.Server"] = ["SearchEngine.Collections", "SearchEngine.Contract", "SearchEngine.Evaluation", "SearchEngine.Rpc", "SearchEngine.Protocol"],
        ["SearchEngine.Training"] = ["SearchEngine.Models", "SearchEngine.Vectors", "SearchEngine.Evaluation"],
        // Collections and Vectors: `check` reads a data directory and tells the kernels in use.
        // Models: the command line loads ONNX Runtime for training and for judging models, which no process serves.
        ["searchengine"] =
        [
            "SearchEngine.Server", "SearchEngine.Encoder", "SearchEngine.Evaluation", "SearchEngine.Rpc", "SearchEngine.Protocol",
            "SearchEngine.Training", "SearchEngine.Models", "SearchEngine.Collections", "SearchEngine.Vectors",
        ],
    };

    /// <summary>Libraries that know neither gRPC nor ASP.NET, so that they can be used and tested without either.</summary>
    private static readonly string[] Plain = ["SearchEngine.Vectors", "SearchEngine.Collections", "SearchEngine.Models", "SearchEngine.Evaluation", "SearchEngine.Training"];

    public static TheoryData<string> Assemblies() => [.. AllowedArrows.Keys];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Assembly_PointsOnlyWhereTheDesignSays(string assembly)
    {
        string[] own = [.. References(assembly).Where(name => AllowedArrows.ContainsKey(name))];
        string[] wrong = [.. own.Except(AllowedArrows[assembly], StringComparer.Ordinal)];
        Assert.True(wrong.Length == 0, $"{assembly} uses {string.Join(", ", wrong)}; the design allows it {string.Join(", ", AllowedArrows[assembly])} only.");
    }

    [Fact]
    public void Core_KnowsNoGrpcAndNoWebServer()
    {
        string[] wrong =
        [
            .. from assembly in Plain
               from reference in References(assembly)
               where reference.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || reference.StartsWith("Google.", StringComparison.Ordinal)
                   || reference.StartsWith("Grpc", StringComparison.Ordinal)
               select $"{assembly} -> {reference}",
        ];
        Assert.True(wrong.Length == 0, $"Transport has leaked into the core: {string.Join("; ", wrong)}.");
    }

    [Fact]
    public void Vectors_UsesNothingButTheBaseClassLibrary()
    {
        string[] wrong = [.. References("SearchEngine.Vectors").Where(name => !name.StartsWith("System.", StringComparison.Ordinal) && name != "Microsoft.Win32.Primitives")];
        Assert.True(wrong.Length == 0, $"SearchEngine.Vectors depends on {string.Join(", ", wrong)}; it is to build from the base class library alone.");
    }

    [Fact]
    public void EveryAssemblyOfTheProductIsJudged()
    {
        string[] present = [.. Directory.GetFiles(AppContext.BaseDirectory, "SearchEngine.*.dll").Select(Path.GetFileNameWithoutExtension).OfType<string>()];
        string[] unjudged = [.. present.Where(name => !AllowedArrows.ContainsKey(name) && !name.EndsWith(".Tests", StringComparison.Ordinal) && name != "SearchEngine.Testing")];
        Assert.True(unjudged.Length == 0, $"Add the arrows of {string.Join(", ", unjudged)} to this test and to the design.");
    }

    private static string[] References(string assembly)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")));
        MetadataReader metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
