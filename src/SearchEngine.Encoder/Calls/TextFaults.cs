using System.Globalization;
using SearchEngine.Models.Tokenizers;
using SearchEngine.Rpc;

namespace SearchEngine.Encoder.Calls;

/// <summary>What the model library refuses about a text, as an error of the contract.</summary>
internal static class TextFaults
{
    private const string TokensFact = "tokens";

    /// <param name="fault">As thrown while the text was prepared.</param>
    /// <param name="text">The text, to tell places in bytes.</param>
    /// <param name="path">Of the text in the request.</param>
    public static RpcException Of(TextRejectedException fault, string text, string path) => fault switch
    {
        TextTooLongException tooLong => TooLong(tooLong.Message, tooLong.Tokens, tooLong.Limit, path),
        TextEncodingException encoding => TextChecks.Encoded(
            path, encoding.Message, System.Text.Encoding.UTF8.GetByteCount(text.AsSpan(0, Math.Min(encoding.Position, text.Length)))),
        _ => Refusal.Invalid(path, fault.Message, "Send another text."),
    };

    public static RpcException TooLong(string what, int tokens, int limit, string path) =>
        Refusal.Of(
            Wire.ErrorReason.TextTooLong, path, what, "Shorten the text, or choose a truncation policy.", actual: Refusal.Number(tokens),
            limit: $"{Refusal.Number(limit)} tokens")
            .With(TokensFact, Refusal.Number(tokens));

    /// <summary>The tokens of a text that was refused for having too many; 0 where it was refused for something else.</summary>
    public static int TokensOf(RpcException refused) =>
        refused.Facts.TryGetValue(TokensFact, out var tokens) && int.TryParse(tokens, CultureInfo.InvariantCulture, out var count) ? count : 0;

    /// <summary>All that is wrong with the texts of a call as one error: the first one's reason, and every path in BadRequest.</summary>
    public static RpcException Joined(IReadOnlyList<RpcException> faults)
    {
        var first = faults[0];
        foreach (var violation in faults.Skip(1).SelectMany(f => f.FieldViolations))
            first.Field(violation.Field, violation.Description);
        return first;
    }
}
