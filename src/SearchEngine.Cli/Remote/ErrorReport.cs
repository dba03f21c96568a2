using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SearchEngine.Rpc;

namespace SearchEngine.Cli.Remote;

/// <summary>A refusal with everything its server said: reason, field, what was expected, the limit, the fix.</summary>
internal static class ErrorReport
{
    private const int LabelWidth = 10;

    private static readonly string[] Known = ["field", "expected", "actual", "limit", "fix"];

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The reason, the message, and one line for each fact.</summary>
    public static string Text(RpcException error)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{error.Reason ?? error.Code.ToString()}: {error.Message}");
        foreach (string fact in Known.Where(error.Facts.ContainsKey).Concat(error.Facts.Keys.Except(Known, StringComparer.Ordinal).Order(StringComparer.Ordinal)))
        {
            // Most messages end with their fix.
            if (error.Message.EndsWith(error.Facts[fact], StringComparison.Ordinal)) continue;
            text.Append(CultureInfo.InvariantCulture, $"\n  {fact.PadRight(LabelWidth)} {error.Facts[fact]}");
        }
        foreach (var violation in error.FieldViolations.Where(violation => violation.Field != error.Facts.GetValueOrDefault("field")))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  {"field".PadRight(LabelWidth)} {violation.Field}: {violation.Description}");
        }
        if (error.RetryDelay is { } delay)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  {"retry".PadRight(LabelWidth)} in {delay.TotalSeconds:0.###} s");
        }
        if (error is { Code: StatusCode.Unavailable, Reason: null })
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  {"fix".PadRight(LabelWidth)} Start a server (`searchengine serve`, or `searchengine demo`), or name another with --server.");
        }
        return text.ToString();
    }

    public static string Json(RpcException error) => JsonSerializer.Serialize(
        new
        {
            error = new
            {
                status = error.Code.ToString(),
                reason = error.Reason,
                message = error.Message,
                facts = error.Facts,
                fields = error.FieldViolations.Select(violation => new { field = violation.Field, description = violation.Description }),
                retry_seconds = error.RetryDelay?.TotalSeconds,
            },
        },
        Readable);

    public static string Json(string message) => JsonSerializer.Serialize(new { error = new { message } }, Readable);
}
