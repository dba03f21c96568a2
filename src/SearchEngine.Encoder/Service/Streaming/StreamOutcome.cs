namespace SearchEngine.Encoder.Service.Streaming;

/// <summary>A text of a stream that is done.</summary>
/// <param name="Item">As it is sent.</param>
/// <param name="Tokens">Credits that come back with it.</param>
internal sealed record StreamOutcome(Wire.SequencedItem Item, int Tokens);
