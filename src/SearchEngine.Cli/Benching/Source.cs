namespace SearchEngine.Cli.Benching;

/// <summary>A collection that is swept.</summary>
/// <param name="Label">For tables and plots.</param>
/// <param name="Judgements">The set whose queries are used; empty for points of the collection.</param>
internal sealed record Source(string Collection, string Label, string Judgements);
