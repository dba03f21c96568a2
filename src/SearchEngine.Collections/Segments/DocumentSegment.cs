using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Multi;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Sparse;
using SearchEngine.Collections.Storage;
using SearchEngine.Collections.Text;
using SearchEngine.Vectors;
using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Segments;

/// <summary>
/// Documents in files that never change, mapped. Any thread reads; whoever disposes it has made sure that nobody does any
/// more. A document has the ordinal of its row in the first vector; documents without that vector come behind. Opening
/// reads headers: its cost does not depend on the number of documents.
/// </summary>
internal sealed class DocumentSegment : IIdLookup, IDisposable
{
    /// <summary>Stands for the row of a document that does not have the vector.</summary>
    public const uint NoRow = uint.MaxValue;

    /// <summary>Documents of one segment; ordinals of the vector core have 30 bits.</summary>
    public const int MaxRows = 1 << 30;

    /// <summary>Pages that are read in file order while one is read at random, at the least.</summary>
    private const int PagesInOrder = 16;

    private readonly SegmentIds _ids;
    private readonly SegmentBodies _bodies;
    private readonly SegmentPostingFiles _postings;
    private readonly SegmentMultis? _multis;
    private readonly SegmentVectors?[] _vectors;
    private readonly BodyReader _bodyReader;
    private long _searches;

    private DocumentSegment(
        string directory, ulong id, SegmentIds ids, SegmentBodies bodies, SegmentAttributes attributes, SegmentPostingFiles postings,
        SegmentMultis? multis, SegmentVectors?[] vectors)
    {
        Directory = directory;
        Id = id;
        _ids = ids;
        _bodies = bodies;
        _postings = postings;
        _multis = multis;
        _vectors = vectors;
        _bodyReader = BodyOf;
        Attributes = attributes;
    }

    public string Directory { get; }

    /// <summary>Where answers of filters are kept for the next time; null for nowhere.</summary>
    public SegmentFilterCache? FilterAnswers { get; set; }

    public ulong Id { get; }

    public int Count => _ids.Shape.Rows;

    public SegmentAttributes Attributes { get; }

    /// <summary>Postings of the text field or sparse vector that has most of them.</summary>
    public long Pairs => _postings.MostPairs;

    /// <summary>Searches that a larger segment in its place would have served as well.</summary>
    public long Searches => Volatile.Read(ref _searches);

    /// <summary>Bytes of all files.</summary>
    public long DiskBytes => _ids.File.MappedBytes + _bodies.File.MappedBytes + Attributes.MappedBytes + _postings.MappedBytes
        + (_multis?.MappedBytes ?? 0) + _vectors.Sum(static v => v?.DiskBytes ?? 0);

    /// <summary>Bytes of the exact vectors.</summary>
    public long TruthBytes => _vectors.Sum(static v => v?.Segment.Parts.Truth.Bytes ?? 0);

    /// <summary>From the next search on.</summary>
    public void ReadTruth(TruthAccess access) => Array.ForEach(_vectors, v => v?.Segment.ReadTruth(access));

    /// <summary>Makes many look-ups by id cheap. Each touches pages at random, which are read one by one.</summary>
    /// <param name="expected">How many there will be.</param>
    public void PrepareLookUps(long expected)
    {
        if (expected > _ids.File.MappedBytes / Environment.SystemPageSize / PagesInOrder)
        {
            _ids.File.ReadThrough();
        }
    }

    /// <summary>Lets the system have back what look-ups by id have touched, for whoever made many and expects few.</summary>
    public void GiveBackIds() => _ids.File.GiveBack();

    internal int VectorCount => _vectors.Length;

    /// <exception cref="CollectionException">Checksum: a file is missing, damaged in what is checked, or contradicts another.</exception>
    public static DocumentSegment Open(
        string directory, ulong id, CollectionSchema schema, SegmentOpenOptions options, CancellationToken cancel = default)
    {
        if (options.Verification == Verification.Blocks)
        {
            SegmentScrub.ThrowIfDamaged(directory, schema, cancel);
        }
        var opened = new List<IDisposable>();
        try
        {
            SegmentIds ids = Kept(opened, SegmentIds.Open(Path.Combine(directory, SegmentNames.Ids)));
            SegmentBodies bodies = Kept(opened, SegmentBodies.Open(Path.Combine(directory, SegmentNames.Bodies), ids.Shape.Rows));
            SegmentAttributes attributes = Kept(opened, SegmentAttributes.Open(directory, schema));
            if (attributes.Rows != ids.Shape.Rows)
            {
                throw StorageErrors.Damaged(
                    directory, $"its attributes are those of {attributes.Rows} documents, its ids of {ids.Shape.Rows}");
            }
            SegmentPostingFiles postings = Kept(opened, SegmentPostingFiles.Open(directory, schema, ids.Shape.Rows));
            SegmentMultis? multis = Kept(opened, SegmentMultis.Open(directory, schema, ids.Shape.Rows));
            var vectors = new SegmentVectors?[schema.Vectors.Count];
            for (int v = 0; v < vectors.Length; v++)
            {
                vectors[v] = Kept(opened, SegmentVectors.Open(directory, v, schema.Vectors[v], ids, options, cancel));
            }
            return new DocumentSegment(directory, id, ids, bodies, attributes, postings, multis, vectors);
        }
        catch
        {
            opened.ForEach(file => file.Dispose());
            throw;
        }
    }

    /// <summary>
    /// Writes sealed live documents as a segment. Every document that is not in <paramref name="dead"/> is in it, and no
    /// other is.
    /// </summary>
    /// <param name="dead">As many bits as documents; does not change meanwhile.</param>
    /// <param name="newOrdinalOf">Per live ordinal that in the segment; <see cref="DocumentOrder.Dropped"/> for the dead.</param>
    public static void Freeze(
        LiveDocuments live, RowSet dead, string directory, SegmentWriteOptions options, IFileLayer files, CancellationToken cancel,
        out uint[] newOrdinalOf)
    {
        var content = new FrozenContent(live, dead, options.Threads);
        newOrdinalOf = new SegmentWriter(live.Schema, files, cancel).Write(content, directory).OrdinalOf;
    }

    /// <summary>
    /// Writes the documents of several segments that are not dead as one segment. The inputs are checked against their checksums
    /// first: damage must not get a new, sound one. That also brings them into memory in file order.
    /// </summary>
    /// <exception cref="CollectionException">Checksum: an input is damaged, or a document is alive in two of them; both are
    /// named.</exception>
    /// <param name="inputs">The largest graph of each vector stands, the others are inserted. Bits do not change meanwhile.</param>
    /// <param name="newOrdinalOf">Per input and ordinal that in the merged segment; <see cref="DocumentOrder.Dropped"/> for the
    /// dead.</param>
    public static void Merge(
        IReadOnlyList<(DocumentSegment Segment, RowSet Dead)> inputs, string directory, CollectionSchema schema,
        SegmentWriteOptions options, IFileLayer files, CancellationToken cancel, out uint[][] newOrdinalOf)
    {
        foreach ((DocumentSegment input, _) in inputs)
        {
            SegmentScrub.ThrowIfDamaged(input.Directory, schema, cancel);
        }
        var content = new MergedContent(inputs, schema, options);
        uint[] ordinalOf = new SegmentWriter(schema, files, cancel).Write(content, directory).OrdinalOf;
        newOrdinalOf = [.. inputs.Select((input, i) => ordinalOf.AsSpan(content.StartOf(i), input.Segment.Count).ToArray())];
    }

    public void CountSearch() => Interlocked.Increment(ref _searches);

    public void ForgetSearches() => Volatile.Write(ref _searches, 0);

    public DocumentId IdOf(uint ordinal) => _ids.IdOf(Checked(ordinal));

    public ulong VersionOf(uint ordinal) => _bodies.VersionOf(Checked(ordinal));

    /// <summary>Valid until the segment is disposed.</summary>
    public ReadOnlySpan<byte> BodyOf(uint ordinal) => _bodies.BodyOf(Checked(ordinal));

    public bool TryFind(DocumentId id, int rowsBelow, out uint ordinal)
    {
        Span<byte> scratch = stackalloc byte[DocumentId.MaxTextBytes];
        return _ids.TryFind(IdKey.Of(id, scratch), out ordinal) && ordinal < (uint)rowsBelow;
    }

    /// <summary>The documents as filters see them.</summary>
    public FilterSource Filtered() =>
        new() { Rows = Count, Attributes = Attributes, Ids = this, Bodies = _bodyReader, Cache = FilterAnswers };

    /// <summary>The words of an indexed text field.</summary>
    public ITextIndex Texts(int position) => _postings.Texts(position);

    /// <summary>The weights of a sparse vector.</summary>
    public IWeightIndex Weights(int position) => _postings.Weights(position);

    /// <summary>The rows of a multi vector of the schema. Valid until the segment is disposed.</summary>
    public MultiRows MultiOf(int position, uint ordinal) => (_multis ?? throw NoVectors(position)).Of(position, Checked(ordinal));

    /// <summary>Rows of a multi vector over all documents.</summary>
    public long MultiRowsOf(int position) => _multis?.RowsOf(position) ?? 0;

    /// <summary>The rows of a vector of the schema; null when no document has it.</summary>
    public VectorSegment? Vectors(int vector) => _vectors[vector]?.Segment;

    /// <summary>Null when no document has the vector.</summary>
    public SearcherPool<VectorSearcher>? Searchers(int vector) => _vectors[vector]?.Searchers;

    /// <summary>Whether a row has the number of its document, so that document bits, cut to the rows, are row bits.</summary>
    public static bool IsIdentity(int vector) => vector == 0;

    public uint DocumentOf(int vector, uint row) => (_vectors[vector] ?? throw NoVectors(vector)).DocumentOf(row);

    /// <summary>False when the document has no such vector.</summary>
    public bool TryVectorRow(int vector, uint document, out uint row)
    {
        Checked(document);
        row = NoRow;
        return _vectors[vector] is SegmentVectors vectors && vectors.TryRowOf(document, out row);
    }

    /// <summary>Copies a vector in the caller's coordinates and length, within the precision it is stored with.</summary>
    /// <returns>False when the document has no such vector.</returns>
    public bool CopyVector(int vector, uint document, Span<float> values)
    {
        if (!TryVectorRow(vector, document, out uint row))
        {
            return false;
        }
        _vectors[vector]!.Segment.CopyRow(row, values);
        return true;
    }

    /// <summary>Reads what walks, filters and look-ups by id read into memory; bodies and exact vectors stay where they are.</summary>
    public void Populate(CancellationToken cancel = default)
    {
        foreach (SegmentVectors? vectors in _vectors)
        {
            vectors?.Populate(cancel);
        }
        _ids.File.Populate(cancel);
        Attributes.Populate(cancel);
        _postings.Populate(cancel);
    }

    /// <summary>What the parts of the segment take; asking for what is resident costs a look at every page.</summary>
    public IReadOnlyList<ComponentBytes> Bytes()
    {
        var bytes = new List<ComponentBytes>
        {
            Of("ids", _ids.File),
            Of("bodies", _bodies.File),
            new("attributes", Attributes.MappedBytes, Attributes.MappedBytes, Attributes.ResidentBytes),
        };
        bytes.AddRange(_postings.Bytes());
        if (_multis is not null)
        {
            bytes.Add(_multis.Bytes());
        }
        foreach (SegmentVectors? vectors in _vectors)
        {
            bytes.AddRange(vectors?.Bytes() ?? []);
        }
        return bytes;
    }

    public void Dispose()
    {
        FilterAnswers?.Dispose();
        _ids.Dispose();
        _bodies.Dispose();
        Attributes.Dispose();
        _postings.Dispose();
        _multis?.Dispose();
        foreach (SegmentVectors? vectors in _vectors)
        {
            vectors?.Dispose();
        }
    }

    /// <summary>The id of a row as it is stored.</summary>
    internal IdKey KeyOf(uint ordinal) => _ids.KeyOf(Checked(ordinal));

    private static T Kept<T>(List<IDisposable> opened, T file)
        where T : IDisposable?
    {
        if (file is not null)
        {
            opened.Add(file);
        }
        return file;
    }

    private static ComponentBytes Of(string component, SectionFile file) =>
        new(component, file.MappedBytes, file.MappedBytes, file.ResidentBytes);

    private static ArgumentException NoVectors(int vector) => new($"No document of the segment has vector {vector}.", nameof(vector));

    private uint Checked(uint ordinal)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(ordinal, (uint)Count);
        return ordinal;
    }
}
