namespace SearchEngine.Collections.Schema;

/// <summary>The text field that a vector is made from where a document comes without it. The engine keeps it; who encodes reads
/// it.</summary>
/// <param name="Field">A text field of the schema.</param>
/// <param name="Truncation">What the encoder does with a text that is too long; opaque here.</param>
public sealed record TextSource(string Field, int Truncation);
