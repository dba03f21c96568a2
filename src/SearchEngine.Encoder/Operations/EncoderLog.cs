using Microsoft.Extensions.Logging;

namespace SearchEngine.Encoder.Operations;

/// <summary>Every message the encoder logs. Event ids are stable; no text of a caller is ever logged.</summary>
internal static partial class EncoderLog
{
    [LoggerMessage(101, LogLevel.Information, "Model {Model} opened from {Folder}, space {Space}; {Providers}.")]
    public static partial void Opened(ILogger log, string model, string folder, string space, string providers);

    [LoggerMessage(102, LogLevel.Warning, "Model {Model}: {Subject} is a guess: {Text}. An encoder.json settles it.")]
    public static partial void Guess(ILogger log, string model, string subject, string text);

    [LoggerMessage(103, LogLevel.Information, "Model {Model} is warm: {Millis} ms for a text of 32 tokens, {BatchTokens} tokens a batch.")]
    public static partial void Warm(ILogger log, string model, double millis, int batchTokens);

    [LoggerMessage(104, LogLevel.Warning, "Model {Model} has no golden texts: nothing proves that it still gives the vectors it gave.")]
    public static partial void NothingToTest(ILogger log, string model);

    [LoggerMessage(105, LogLevel.Error,
        "Model {Model} does not serve: least cosine {LeastCosine} to its golden vectors, {TokenDifferences} texts with other tokens, worst text \"{WorstText}\".")]
    public static partial void SelfTestFailed(ILogger log, string model, double leastCosine, int tokenDifferences, string worstText);

    [LoggerMessage(106, LogLevel.Error, "Model {Model} does not serve: it cannot be tested.")]
    public static partial void CannotTest(ILogger log, Exception fault, string model);
}
