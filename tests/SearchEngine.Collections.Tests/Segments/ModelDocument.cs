namespace SearchEngine.Collections.Tests.Segments;

/// <summary>What a document is, as a dictionary would keep it.</summary>
/// <param name="Vectors">One per vector of the schema; null where it has none.</param>
internal sealed record ModelDocument(ulong Version, byte[] Body, float[]?[] Vectors);
