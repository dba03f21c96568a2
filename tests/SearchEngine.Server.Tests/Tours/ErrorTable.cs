using System.Text.Json;
using SearchEngine.Testing.Processes;

namespace SearchEngine.Server.Tests.Tours;

/// <summary>The cases of tests/Clients/errors.json, which the foreign programs provoke.</summary>
internal static class ErrorTable
{
    public static IReadOnlyList<ErrorCase> Cases { get; } = Read();

    private static ErrorCase[] Read()
    {
        using JsonDocument table = JsonDocument.Parse(File.ReadAllText(Path.Combine(ChildProcess.Clients, "errors.json")));
        return
        [
            .. table.RootElement.GetProperty("cases").EnumerateArray().Select(static c => new ErrorCase(
                c.GetProperty("name").GetString()!, c.GetProperty("reason").GetString()!, c.TryGetProperty("wire", out _))),
        ];
    }
}
