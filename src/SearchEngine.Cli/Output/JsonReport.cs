using System.Text.Encodings.Web;
using System.Text.Json;

namespace SearchEngine.Cli.Output;

/// <summary>How a report of this program, as opposed to a reply of a server, is written as JSON.</summary>
internal static class JsonReport
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
