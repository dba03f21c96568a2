using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Tests.Segments;

/// <summary>What a document is, as a dictionary would keep it.</summary>
/// <param name="Body">As encoded from the document; any bytes where the schema has no attributes.</param>
/// <param name="Vectors">One per vector of the schema; null where it has none.</param>
internal sealed record ModelDocument(Document Document, byte[] Body, float[]?[] Vectors)
{
    public ulong Version => Document.Version;
}
