using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Vectors.Live;

namespace SearchEngine.Collections.Segments;

/// <summary>
/// One vector of live documents. A vector's row follows from its document: the same number where every document has the
/// vector, a looked-up one where it is optional. Rows are in the order of their documents.
/// </summary>
internal sealed class LiveVectors : IDisposable
{
    private const uint None = uint.MaxValue;

    private readonly VectorSchema _schema;
    private readonly Chunks<uint>? _rowOf;

    public LiveVectors(VectorSchema schema, LiveDocumentsOptions options)
    {
        _schema = schema;
        Segment = new LiveSegment(VectorSettings.Live(schema, options));
        Searchers = new SearcherPool<LiveSearcher>(Segment.CreateSearcher);
        _rowOf = schema.IsRequired ? null : new Chunks<uint>();
    }

    public LiveSegment Segment { get; }

    public SearcherPool<LiveSearcher> Searchers { get; }

    /// <summary>Whether a row and its document always have the same number.</summary>
    public bool IsIdentity => _rowOf is null;

    public long Bytes => Segment.CommittedBytes + (_rowOf?.ChunkCount ?? 0) * (long)Chunks<uint>.ChunkItems * sizeof(uint);

    /// <summary>Refuses what <see cref="Append"/> could not take; empty is a document without the vector.</summary>
    public void Check(ReadOnlySpan<float> values)
    {
        if (values.IsEmpty && !_schema.IsRequired)
        {
            return;
        }
        if (values.Length != _schema.Dimension)
        {
            throw values.IsEmpty
                ? Refused(
                    CollectionError.FieldRequired, "The vector is required and the document has none.",
                    "Send it, or make it optional in the schema.")
                : Refused(
                    CollectionError.DimensionMismatch, $"The vector has {values.Length} values, the schema says {_schema.Dimension}.",
                    "Send vectors of the model this collection was made for.");
        }
        try
        {
            Segment.Check(values);
        }
        catch (ArgumentException cause)
        {
            throw Refused(CollectionError.VectorNotFinite, cause.Message, "Send finite values within the range of the stored type.", cause);
        }
    }

    /// <param name="document">The next document.</param>
    public void Append(uint document, ReadOnlySpan<float> values)
    {
        uint row = values.IsEmpty ? None : Segment.Append(values, document);
        _rowOf?.Append(row);
    }

    public bool TryRowOf(uint document, out uint row)
    {
        row = _rowOf is null ? document : _rowOf.At((int)document);
        return row != None;
    }

    public uint DocumentOf(uint row) => Segment.SourceRow(row);

    /// <summary>How many rows belong to the first <paramref name="documents"/> documents; they are the first rows.</summary>
    public int RowsBelow(int documents)
    {
        if (IsIdentity)
        {
            return documents;
        }
        int low = 0, high = Segment.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            (low, high) = DocumentOf((uint)middle) < (uint)documents ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    public void Dispose()
    {
        Searchers.Dispose();
        Segment.Dispose();
    }

    private CollectionException Refused(CollectionError error, string what, string fix, Exception? cause = null) =>
        new(error, $"vectors.{_schema.Name}", what, fix, cause);
}
