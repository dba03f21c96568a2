using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Tests.Filters;

/// <summary>Documents in memory as the sources that filters see.</summary>
internal sealed class FilteredRows(CollectionSchema schema, IReadOnlyList<Document> documents) : IIdLookup
{
    private readonly byte[][] _bodies = Encoded(schema, documents);

    public ReadOnlySpan<byte> BodyOf(uint row) => _bodies[row];

    public LiveColumns Live()
    {
        var columns = new LiveColumns(schema);
        for (int row = 0; row < documents.Count; row++)
        {
            columns.Append((uint)row, _bodies[row]);
        }
        return columns;
    }

    /// <summary>Writes a segment's file and opens it, perhaps with a schema that has grown since.</summary>
    public SegmentAttributes Segment(string directory, CollectionSchema grown)
    {
        AttributeFiles.Write(DiskFileLayer.Instance, directory, schema, documents.Count, BodyOf);
        return SegmentAttributes.Open(directory, grown);
    }

    public FilterSource Source(IAttributeReader attributes, int rows) => new()
    {
        Rows = rows,
        Attributes = attributes,
        Ids = this,
        Bodies = BodyOf,
    };

    public bool TryFind(DocumentId id, int rowsBelow, out uint ordinal)
    {
        for (int row = rowsBelow - 1; row >= 0; row--)
        {
            if (documents[row].Id == id)
            {
                ordinal = (uint)row;
                return true;
            }
        }
        ordinal = 0;
        return false;
    }

    /// <summary>The rows by the oracle.</summary>
    public bool[] Expected(Filter filter, int rows) => [.. documents.Take(rows).Select(d => FilterOracle.Matches(filter, d))];

    private static byte[][] Encoded(CollectionSchema schema, IReadOnlyList<Document> documents)
    {
        var encoder = new BodyEncoder(schema);
        using var buffer = new PooledBuffer();
        return [.. documents.Select(document =>
        {
            buffer.CutTo(0);
            encoder.Encode(document, buffer);
            return buffer.Written.ToArray();
        })];
    }
}
