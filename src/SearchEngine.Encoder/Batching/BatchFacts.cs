namespace SearchEngine.Encoder.Batching;

/// <summary>A batch that was run.</summary>
/// <param name="Number">Counts the batches of this process.</param>
/// <param name="Rows">Texts.</param>
/// <param name="Tokens">Tokens of the texts.</param>
/// <param name="PaddedTokens">Tokens that were run.</param>
/// <param name="Started">When it left the queue. Unit: milliseconds of the queue's clock.</param>
/// <param name="Millis">What it took.</param>
/// <param name="PredictedMillis">What it was expected to take.</param>
internal sealed record BatchFacts(
    long Number, int Rows, long Tokens, long PaddedTokens, double Started, double Millis, double PredictedMillis);
