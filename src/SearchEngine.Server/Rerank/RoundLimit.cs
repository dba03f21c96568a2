namespace SearchEngine.Server.Rerank;

/// <summary>How much one round may take.</summary>
/// <param name="Pairs">At most so many.</param>
/// <param name="Micros">Predicted time of all of them together, unless it is a single pair.</param>
internal readonly record struct RoundLimit(int Pairs, double Micros);
