using SearchEngine.Encoder.Operations;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Encoder.Calls;

/// <summary>Tells that texts were cut: in a warning of the reply, and in the metrics. Each item says where.</summary>
internal static class Truncations
{
    public static void Tell(
        EncoderMetrics metrics, EncoderCall call, TruncationPolicy? policy, IEnumerable<TokenSequence?> texts, string path)
    {
        var cut = texts.Count(t => t is { Truncation.IsCut: true });
        if (cut == 0)
            return;
        metrics.Truncated(policy.ToString() ?? "", cut);
        call.Warn(Wire.WarningKind.TextTruncated, path, $"{cut} of the {path} were cut by the policy {policy}; each item says where.");
    }
}
