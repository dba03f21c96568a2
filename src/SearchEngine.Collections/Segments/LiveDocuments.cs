using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Multi;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Sparse;
using SearchEngine.Collections.Text;
using SearchEngine.Vectors.Live;

namespace SearchEngine.Collections.Segments;

/// <summary>
/// The documents that were written since the last flush, in memory. One writer appends; any threads link vectors and read.
/// A reader holds a bound, a <see cref="Count"/> it has seen, and reads rows below it without locks: rows never change and
/// never move. A document that is written again is a new row; which rows are dead is the reader's knowledge.
/// </summary>
internal sealed class LiveDocuments : IIdLookup, IDisposable
{
    private readonly LiveDocumentsOptions _options;
    private readonly LiveIds _ids;
    private readonly LiveBodies _bodies;
    private readonly LiveVectors[] _vectors;
    private readonly LiveMultis _multis;
    private readonly BodyReader _bodyReader;
    private int _count;
    private long _takenBytes;
    private bool _torn;
    private bool _sealed;

    public LiveDocuments(CollectionSchema schema, LiveDocumentsOptions options)
    {
        Schema = schema;
        Columns = new LiveColumns(schema);
        Texts = new LiveTexts(schema);
        SparseVectors = new LiveSparseVectors(schema);
        _bodyReader = BodyOf;
        _options = options;
        var vectors = new List<LiveVectors>();
        try
        {
            foreach (VectorSchema vector in schema.Vectors)
            {
                vectors.Add(new LiveVectors(vector, options));
            }
        }
        catch
        {
            vectors.ForEach(v => v.Dispose());
            throw;
        }
        _vectors = [.. vectors];
        _ids = new LiveIds();
        _bodies = new LiveBodies();
        _multis = new LiveMultis(schema);
    }

    /// <summary>May have got further attributes since the first document.</summary>
    public CollectionSchema Schema { get; private set; }

    /// <summary>The attributes of the documents.</summary>
    public LiveColumns Columns { get; }

    /// <summary>The words of the documents' indexed texts.</summary>
    public LiveTexts Texts { get; }

    /// <summary>The weights of the documents' sparse vectors.</summary>
    public LiveSparseVectors SparseVectors { get; }

    /// <summary>Documents appended, dead ones included; every ordinal is below.</summary>
    public int Count => Volatile.Read(ref _count);

    public int Capacity => _options.Capacity;

    /// <summary>
    /// Whether another document can be appended. False for good when it is full or sealed, and when an append failed half
    /// way for want of memory: what was appended before stays right, so seal it and begin another.
    /// </summary>
    public bool IsOpen => !Volatile.Read(ref _sealed) && !_torn && _count < Capacity;

    public bool IsSealed => Volatile.Read(ref _sealed);

    /// <summary>Bytes of memory taken for documents, vectors, codes and links.</summary>
    public long CommittedBytes
    {
        get
        {
            long bytes = _ids.Bytes + _bodies.Bytes + _multis.Bytes + Columns.MemoryBytes + Texts.MemoryBytes + SparseVectors.MemoryBytes;
            foreach (LiveVectors vectors in _vectors)
            {
                bytes += vectors.Bytes;
            }
            return bytes;
        }
    }

    /// <summary>Bytes of the documents taken in, dead ones included: those of the log, but that a patch takes in its whole document, of which
    /// the log has the change alone.</summary>
    public long TakenBytes => Volatile.Read(ref _takenBytes);

    /// <summary>Vectors that searches scan because no thread has linked them yet; over all vectors of the schema.</summary>
    public int PendingCount
    {
        get
        {
            int pending = 0;
            foreach (LiveVectors vectors in _vectors)
            {
                pending += vectors.Segment.PendingCount;
            }
            return pending;
        }
    }

    /// <summary>Takes in a document, or refuses it and changes nothing. Writer only.</summary>
    /// <param name="body">Its attributes and texts, as <see cref="BodyOf"/> gives them back.</param>
    /// <param name="vectors">One per vector of the schema; empty where the document has none.</param>
    /// <param name="multis">One per multi vector of the schema, as stored; empty where the document has none.</param>
    public uint Append(
        DocumentId id, ulong version, ReadOnlySpan<byte> body, ReadOnlySpan<ReadOnlyMemory<float>> vectors,
        ReadOnlySpan<ReadOnlyMemory<byte>> multis = default)
    {
        if (!IsOpen)
        {
            throw new InvalidOperationException($"Live documents take no more rows ({_count} of {Capacity}): seal them and begin others.");
        }
        Check(vectors);
        _multis.Check(multis);
        BodyCheck.Attributes(body, Schema);
        BodyCheck.SparseVectors(body, Schema);
        uint ordinal = (uint)_count;
        Span<byte> scratch = stackalloc byte[DocumentId.MaxTextBytes];
        // Vectors of a document that gets no further are behind the count: no reader sees them, and a freeze drops them.
        _torn = true;
        long taken = body.Length;
        for (int v = 0; v < _vectors.Length; v++)
        {
            _vectors[v].Append(ordinal, vectors[v].Span);
            taken += vectors[v].Length * sizeof(float);
        }
        foreach (ReadOnlyMemory<byte> multi in multis)
        {
            taken += multi.Length;
        }
        _bodies.Append(version, body);
        _multis.Append(multis);
        Columns.Append(ordinal, body);
        Texts.Append(ordinal, body);
        SparseVectors.Append(ordinal, body);
        _ids.Append(IdKey.Of(id, scratch));
        _torn = false;
        Volatile.Write(ref _takenBytes, _takenBytes + taken);
        Volatile.Write(ref _count, _count + 1);
        return ordinal;
    }

    /// <summary>
    /// Goes over to a schema with further attributes; documents so far have no values for them. Writer only, before the first
    /// document that has.
    /// </summary>
    public void Extend(CollectionSchema schema)
    {
        Columns.Extend(schema);
        Schema = schema;
    }

    /// <summary>The documents below a bound, as filters see them.</summary>
    public FilterSource Filtered(int rowsBelow) => new() { Rows = rowsBelow, Attributes = Columns, Ids = this, Bodies = _bodyReader };

    public bool TryFind(DocumentId id, int rowsBelow, out uint ordinal)
    {
        Span<byte> scratch = stackalloc byte[DocumentId.MaxTextBytes];
        return _ids.TryFind(IdKey.Of(id, scratch), Math.Min(rowsBelow, Count), out ordinal);
    }

    public DocumentId IdOf(uint ordinal) => _ids.IdOf(Checked(ordinal));

    public ulong VersionOf(uint ordinal) => _bodies.VersionOf(Checked(ordinal));

    /// <summary>Valid as long as anyone holds it.</summary>
    public ReadOnlySpan<byte> BodyOf(uint ordinal) => _bodies.BodyOf(Checked(ordinal));

    /// <summary>The rows of a multi vector of the schema. Valid as long as anyone holds the documents.</summary>
    public MultiRows MultiOf(int position, uint ordinal) => _multis.Of(position, Checked(ordinal));

    /// <summary>Rows of a multi vector over all documents.</summary>
    public long MultiRowsOf(int position) => _multis.RowsOf(position);

    /// <summary>The live segment of a vector of the schema. Its rows may be ahead of <see cref="Count"/>: searches give
    /// an accept set that ends at <see cref="VectorRowsBelow"/> of their bound.</summary>
    public LiveSegment Vectors(int vector) => _vectors[vector].Segment;

    public SearcherPool<LiveSearcher> Searchers(int vector) => _vectors[vector].Searchers;

    /// <summary>Whether row and document have the same number in this vector, so that document bits are row bits.</summary>
    public bool IsIdentity(int vector) => _vectors[vector].IsIdentity;

    public uint DocumentOf(int vector, uint row) => _vectors[vector].DocumentOf(row);

    /// <summary>False when the document has no such vector.</summary>
    public bool TryVectorRow(int vector, uint document, out uint row) => _vectors[vector].TryRowOf(Checked(document), out row);

    /// <summary>How many rows of a vector belong to the first <paramref name="documents"/> documents; they are the first rows.</summary>
    public int VectorRowsBelow(int vector, int documents) => _vectors[vector].RowsBelow(documents);

    /// <summary>Copies a vector in the caller's coordinates and length.</summary>
    /// <returns>False when the document has no such vector.</returns>
    public bool CopyVector(int vector, uint document, Span<float> values)
    {
        if (!TryVectorRow(vector, document, out uint row))
        {
            return false;
        }
        _vectors[vector].Segment.CopyRow(row, values);
        return true;
    }

    /// <summary>Links waiting rows of one vector into its graph, oldest first; any number of threads.</summary>
    /// <returns>How many were linked.</returns>
    public int LinkPending(int vector, int most, CancellationToken cancel = default) => _vectors[vector].Segment.LinkPending(most, cancel);

    /// <summary>Links waiting rows, up to a number of each vector.</summary>
    /// <returns>How many were linked.</returns>
    public int LinkSome(int most, CancellationToken cancel = default)
    {
        int linked = 0;
        for (int vector = 0; vector < _vectors.Length; vector++)
        {
            linked += LinkPending(vector, most, cancel);
        }
        return linked;
    }

    /// <summary>
    /// Ends appending, then links what still waits; other threads may help by <see cref="LinkPending"/>, and must
    /// have ended before a freeze. Writer only; after a cancellation it can be called again.
    /// </summary>
    public void Seal(CancellationToken cancel = default)
    {
        Volatile.Write(ref _sealed, true);
        foreach (LiveVectors vectors in _vectors)
        {
            vectors.Segment.Seal(cancel);
        }
    }

    /// <summary>Frees the memory of the vectors when the last running search has ended; no other thread is at work.</summary>
    public void Dispose()
    {
        foreach (LiveVectors vectors in _vectors)
        {
            vectors.Dispose();
        }
    }

    /// <summary>The id of a row as it is written to a segment.</summary>
    internal IdKey KeyOf(uint ordinal) => _ids.KeyOf(Checked(ordinal));

    private void Check(ReadOnlySpan<ReadOnlyMemory<float>> vectors)
    {
        if (vectors.Length != _vectors.Length)
        {
            throw new ArgumentException($"{vectors.Length} vectors were given, the schema has {_vectors.Length}.", nameof(vectors));
        }
        for (int v = 0; v < _vectors.Length; v++)
        {
            _vectors[v].Check(vectors[v].Span);
        }
    }

    private uint Checked(uint ordinal)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(ordinal, (uint)Count);
        return ordinal;
    }
}
