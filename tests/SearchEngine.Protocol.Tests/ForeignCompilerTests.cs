using System.ComponentModel;
using System.Diagnostics;
using SearchEngine.Protocol.V1;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Protocol.Tests;

/// <summary>The files alone are enough for somebody else's compiler and runtime.</summary>
public sealed class ForeignCompilerTests
{
    private const string Program = """
        import struct, sys
        from searchengine.v1 import common_pb2 as v1, points_pb2 as p, search_pb2 as s
        from searchengine.v1 import admin_pb2, collections_pb2, encoder_pb2, evaluation_pb2, rerank_pb2
        vector = v1.Vector(data=struct.pack("<4f", 1, 2, 3, 4))
        topic = p.Condition(equal_to=p.EqualToCondition(attribute="topic", value=v1.Value(keyword_value="cats")))
        request = s.SearchRequest(header=v1.RequestHeader(collection="docs"), query=s.Query(vector=vector), k=2,
            filter=p.Filter(must=[topic]), fields=p.ReturnFields(attributes=["*"]), min_score=0)
        sys.stdout.write(request.SerializeToString().hex())
        """;

    [Fact]
    public async Task PythonSpeaksTheContract()
    {
        string? protoc = Find("protoc");
        string? python = Find("python3");
        if (protoc is null || python is null) Assert.Skip("protoc or python3 is not on the PATH.");
        (int withoutRuntime, _, _) = await Run(python, Path.GetTempPath(), "-c", "import google.protobuf");
        if (withoutRuntime != 0) Assert.Skip($"{python} has no protobuf runtime (Debian: python3-protobuf).");

        using var output = new TempDirectory();
        string[] files = Contract.Files.Select(file => file.Name).ToArray();
        (int compiled, _, string complaint) = await Run(protoc, Contract.ProtoFolder,
            [$"-I{Contract.ProtoFolder}", $"--python_out={output.Path}", .. files]);
        Assert.True(compiled == 0 && complaint.Length == 0, $"protoc refuses the contract or warns: {complaint}");

        (int ran, string hex, string error) = await Run(python, output.Path, "-c", Program);
        Assert.True(ran == 0, $"Python cannot use the generated modules: {error}");
        SearchRequest request = SearchRequest.Parser.ParseFrom(Convert.FromHexString(hex));
        Assert.Equal("docs", request.Header.Collection);
        Assert.Equal(16, request.Query.Vector.Data.Length);
        Assert.Equal("cats", request.Filter.Must.Single().EqualTo.Value.KeywordValue);
        Assert.True(request.HasMinScore, "An explicit threshold of 0 was lost on the way.");
    }

    /// <summary>The system's own program comes first: environments of other tools shadow it and lack the runtime.</summary>
    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .OrderByDescending(folder => folder == "/usr/bin")
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static async Task<(int Exit, string Output, string Error)> Run(
        string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start) ?? throw new Win32Exception($"{program} did not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
