using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Tests.Segments;

/// <summary>What a document is, as a dictionary would keep it.</summary>
/// <param name="Body">The attributes as encoded, and any bytes behind them.</param>
/// <param name="Vectors">One per vector of the schema; null where it has none.</param>
internal sealed record ModelDocument(Document Document, byte[] Body, float[]?[] Vectors)
{
    public ulong Version => Document.Version;
}
