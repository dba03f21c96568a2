using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Storage;
using SearchEngine.Collections.Tests.Filters;
using SearchEngine.Testing;
using SearchEngine.Vectors.Files;
using Xunit;

namespace SearchEngine.Collections.Tests.Segments;

/// <summary>
/// Random documents in live documents and segments, with the dead rows of each, beside a dictionary of what should be there.
/// </summary>
internal sealed class SegmentModel : IDisposable
{
    private const int FiltersPerCheck = 20;

    private readonly Random _random;
    private readonly TempDirectory _directory = new();
    private readonly Dictionary<DocumentId, ModelDocument> _documents = [];
    private readonly List<(DocumentSegment Segment, RowSet Dead)> _segments = [];
    private readonly string _suspect;
    private readonly RandomFilters _filters;
    private ulong _version;
    private ulong _nextSegment = 1;

    public SegmentModel(CollectionSchema schema, int seed)
    {
        Schema = schema;
        _random = new Random(seed);
        _filters = new RandomFilters(seed);
        _suspect = $"seed {seed}";
    }

    public CollectionSchema Schema { get; }

    public IReadOnlyList<(DocumentSegment Segment, RowSet Dead)> Segments => _segments;

    public IReadOnlyDictionary<DocumentId, ModelDocument> Documents => _documents;

    public string PathOf(string name) => _directory.File(name);

    /// <summary>Writes and deletes at random into new live documents, links some, freezes them.</summary>
    /// <param name="ids">Distinct ids; fewer mean more replacements.</param>
    public void WriteAndFreeze(int operations, int ids, int calibrationRows = 256)
    {
        using var live = new LiveDocuments(Schema, new LiveDocumentsOptions { Capacity = operations, CalibrationRows = calibrationRows });
        using RowSet dead = RowSet.None(operations);
        for (int i = 0; i < operations; i++)
        {
            Write(live, dead, ids);
        }
        AssertLive(live, dead);
        AssertFilters(Schema.Attributes.Count == 0 ? 0 : FiltersPerCheck, "writing", live, dead);
        live.Seal();
        using RowSet atBoundary = RowSet.Of(live.Count, dead.Words[..RowSet.WordsFor(live.Count)]);
        Freeze(live, atBoundary);
    }

    /// <summary>One random write or delete, in the dictionary and in the rows.</summary>
    public void Write(LiveDocuments live, RowSet dead, int ids)
    {
        DocumentId id = RandomId(ids);
        Bury(id, live, dead);
        if (_random.Next(8) == 0)
        {
            _documents.Remove(id);
            return;
        }
        Document written = new() { Id = id, Version = ++_version, Attributes = RandomAttributes() };
        var document = new ModelDocument(written, BodyOf(written), [.. Schema.Vectors.Select(RandomVector)]);
        _documents[id] = document;
        ReadOnlyMemory<float>[] vectors = [.. document.Vectors.Select(v => (ReadOnlyMemory<float>)v)];
        live.Append(id, document.Version, document.Body, vectors);
        if (_random.Next(200) == 0)
        {
            for (int v = 0; v < Schema.Vectors.Count; v++)
            {
                live.LinkPending(v, _random.Next(300));
            }
        }
    }

    public void Freeze(LiveDocuments live, RowSet dead)
    {
        string path = PathOf($"segment-{_nextSegment}");
        DocumentSegment.Freeze(
            live, dead, path, new SegmentWriteOptions { Threads = 2 }, DiskFileLayer.Instance, CancellationToken.None, out uint[] newOrdinalOf);
        DocumentSegment segment = Open(path);
        for (uint old = 0; old < (uint)live.Count; old++)
        {
            bool dropped = newOrdinalOf[old] == DocumentOrder.Dropped;
            Assert.True(dropped == dead.Contains(old), $"{_suspect}: row {old} dropped: {dropped}");
            Assert.True(dropped || segment.IdOf(newOrdinalOf[old]) == live.IdOf(old), $"{_suspect}: row {old} became another document");
        }
        _segments.Add((segment, RowSet.None(segment.Count)));
    }

    /// <summary>Replaces some segments by their merge.</summary>
    public void Merge(int first, int count)
    {
        List<(DocumentSegment Segment, RowSet Dead)> inputs = _segments.GetRange(first, count);
        string path = PathOf($"segment-{_nextSegment}");
        DocumentSegment.Merge(
            inputs, path, Schema, new SegmentWriteOptions { Threads = 2 }, DiskFileLayer.Instance, CancellationToken.None, out uint[][] newOrdinalOf);
        DocumentSegment merged = Open(path);
        for (int i = 0; i < count; i++)
        {
            for (uint old = 0; old < (uint)inputs[i].Segment.Count; old++)
            {
                uint now = newOrdinalOf[i][old];
                Assert.True((now == DocumentOrder.Dropped) == inputs[i].Dead.Contains(old), $"{_suspect}: row {old} of input {i} became {now}");
                Assert.True(now == DocumentOrder.Dropped || merged.IdOf(now) == inputs[i].Segment.IdOf(old), $"{_suspect}: row {old} of input {i} is another now");
            }
            inputs[i].Segment.Dispose();
            inputs[i].Dead.Dispose();
        }
        _segments.RemoveRange(first, count);
        _segments.Insert(first, (merged, RowSet.None(merged.Count)));
    }

    public void Reopen()
    {
        for (int i = 0; i < _segments.Count; i++)
        {
            (DocumentSegment segment, RowSet dead) = _segments[i];
            segment.Dispose();
            _segments[i] = (DocumentSegment.Open(segment.Directory, segment.Id, Schema, new SegmentOpenOptions()), dead);
        }
    }

    /// <summary>Every document is alive once, in one segment, as the dictionary has it; nothing else is alive.</summary>
    public void AssertSegments(string after)
    {
        int alive = _segments.Sum(s => s.Segment.Count - s.Dead.Count());
        Assert.True(alive == _documents.Count, $"{_suspect}, {after}: {alive} documents are alive instead of {_documents.Count}");
        foreach ((DocumentId id, ModelDocument document) in _documents)
        {
            int held = 0;
            foreach ((DocumentSegment segment, RowSet dead) in _segments)
            {
                if (segment.TryFind(id, segment.Count, out uint row) && !dead.Contains(row))
                {
                    held++;
                    AssertDocument(segment, row, id, document, after);
                }
            }
            Assert.True(held == 1, $"{_suspect}, {after}: {id} is alive {held} times");
        }
        foreach ((DocumentSegment segment, _) in _segments)
        {
            IReadOnlyList<DamageFinding> findings = SegmentScrub.Run(segment.Directory, Schema);
            Assert.True(findings.Count == 0, $"{_suspect}, {after}: {string.Join("; ", findings)}");
        }
        AssertFilters(Schema.Attributes.Count == 0 ? 0 : FiltersPerCheck, after);
    }

    /// <summary>A search as broad as a segment, over the alive documents, gives the scores of a scan in double.</summary>
    public void AssertSearches(string after)
    {
        for (int v = 0; v < Schema.Vectors.Count; v++)
        {
            float[] query = VectorSamples.Random(_random, Schema.Vectors[v].Dimension, 1);
            var found = new List<double>();
            foreach ((DocumentSegment segment, RowSet dead) in _segments)
            {
                found.AddRange(VectorSamples.Search(segment, dead, v, query, 10));
            }
            double[] best = [.. found.OrderDescending().Take(10)];
            double[] expected = [.. _documents.Values.Where(d => d.Vectors[v] is not null)
                .Select(d => VectorSamples.Score(Schema.Vectors[v].Metric, query, d.Vectors[v]!)).OrderDescending().Take(10)];
            Assert.True(best.Length == expected.Length, $"{_suspect}, {after}: {best.Length} hits in vector {v} instead of {expected.Length}");
            for (int i = 0; i < best.Length; i++)
            {
                double slack = 2e-3 * Math.Max(1, Math.Abs(expected[i]));
                Assert.True(
                    Math.Abs(best[i] - expected[i]) <= slack, $"{_suspect}, {after}: hit {i} in vector {v} scores {best[i]}, a scan finds {expected[i]}");
            }
        }
    }

    /// <summary>Random filters accept the alive documents that they mean, in segments and in live documents.</summary>
    public void AssertFilters(int filters, string after, LiveDocuments? live = null, RowSet? dead = null)
    {
        for (int i = 0; i < filters; i++)
        {
            Filter filter = _filters.FilterWithBound(Schema);
            CompiledFilter compiled = CompiledFilter.Compile(filter, Schema, UnindexedFilter.Scan);
            var found = new List<DocumentId>();
            foreach ((DocumentSegment segment, RowSet buried) in _segments)
            {
                Collect(compiled, segment.Filtered(), buried, segment.IdOf, found);
            }
            if (live is not null)
            {
                Collect(compiled, live.Filtered(live.Count), dead!, live.IdOf, found);
            }
            DocumentId[] expected = [.. _documents.Values.Where(d => FilterOracle.Matches(filter, d.Document)).Select(d => d.Document.Id).Order()];
            found.Sort();
            Assert.True(
                expected.SequenceEqual(found), $"{_suspect}, {after}: {filter} accepts {found.Count} documents instead of {expected.Length}, or others");
        }
    }

    public void Dispose()
    {
        foreach ((DocumentSegment segment, RowSet dead) in _segments)
        {
            segment.Dispose();
            dead.Dispose();
        }
        _directory.Dispose();
    }

    private static void Collect(CompiledFilter filter, in FilterSource source, RowSet dead, Func<uint, DocumentId> idOf, List<DocumentId> found)
    {
        using RowSet rows = filter.Evaluate(source);
        for (uint row = 0; row < (uint)source.Rows; row++)
        {
            if (rows.Contains(row) && !dead.Contains(row))
            {
                found.Add(idOf(row));
            }
        }
    }

    private DocumentSegment Open(string path) => DocumentSegment.Open(path, _nextSegment++, Schema, new SegmentOpenOptions());

    private void Bury(DocumentId id, LiveDocuments live, RowSet dead)
    {
        if (live.TryFind(id, live.Count, out uint row) && !dead.Contains(row))
        {
            dead.Add(row);
        }
        foreach ((DocumentSegment segment, RowSet buried) in _segments)
        {
            if (segment.TryFind(id, segment.Count, out uint old))
            {
                buried.Add(old);
            }
        }
    }

    private void AssertLive(LiveDocuments live, RowSet dead)
    {
        foreach ((DocumentId id, ModelDocument document) in _documents)
        {
            if (live.TryFind(id, live.Count, out uint row) && !dead.Contains(row))
            {
                Assert.Equal(document.Version, live.VersionOf(row));
                Assert.True(live.BodyOf(row).SequenceEqual(document.Body), $"{_suspect}: the body of {id} is another one's");
            }
        }
    }

    private void AssertDocument(DocumentSegment segment, uint row, DocumentId id, ModelDocument document, string after)
    {
        Assert.True(segment.IdOf(row) == id, $"{_suspect}, {after}: {id} leads to {segment.IdOf(row)}");
        Assert.True(segment.VersionOf(row) == document.Version, $"{_suspect}, {after}: {id} has version {segment.VersionOf(row)}, not {document.Version}");
        Assert.True(segment.BodyOf(row).SequenceEqual(document.Body), $"{_suspect}, {after}: the body of {id} is another one's");
        for (int v = 0; v < Schema.Vectors.Count; v++)
        {
            var values = new float[Schema.Vectors[v].Dimension];
            bool has = segment.CopyVector(v, row, values);
            Assert.True(has == document.Vectors[v] is not null, $"{_suspect}, {after}: {id} has vector {v}: {has}");
            if (has)
            {
                VectorSamples.AssertNear(document.Vectors[v]!, values, $"{_suspect}, {after}: vector {v} of {id}");
                segment.TryVectorRow(v, row, out uint vectorRow);
                Assert.Equal(row, segment.DocumentOf(v, vectorRow));
            }
        }
    }

    private DocumentId RandomId(int ids) =>
        _random.Next(2) == 0 ? (ulong)_random.Next(ids) : $"document ü {_random.Next(ids)}";

    private Dictionary<string, AttributeValue> RandomAttributes()
    {
        var values = new Dictionary<string, AttributeValue>();
        foreach (AttributeSchema attribute in Schema.Attributes)
        {
            if (_random.Next(4) > 0)
            {
                values[attribute.Name] = attribute.IsArray
                    ? AttributeValue.ArrayOf(attribute.Type, [.. Enumerable.Range(0, _random.Next(4)).Select(_ => _filters.Element(attribute.Type, 30))])
                    : _filters.Element(attribute.Type, 30);
            }
        }
        return values;
    }

    private byte[] BodyOf(Document document)
    {
        using var buffer = new PooledBuffer();
        new BodyEncoder(Schema).Encode(document, buffer);
        // Texts of any kind: segments do not look at what lies behind the attributes.
        _random.NextBytes(buffer.Take(_random.Next(50) == 0 ? _random.Next(5_000) : _random.Next(80)));
        return buffer.Written.ToArray();
    }

    private float[]? RandomVector(VectorSchema vector) => vector.IsRequired || _random.Next(3) > 0
        ? VectorSamples.Random(_random, vector.Dimension, (float)(0.5 + _random.NextDouble()))
        : null;
}
