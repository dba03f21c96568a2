using System.Runtime.InteropServices;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Storage;
using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Multi;

/// <summary>The mapped multi vectors of a segment. Any thread.</summary>
internal sealed class SegmentMultis : IDisposable
{
    private readonly SectionFile _file;
    private readonly Field[] _fields;

    private SegmentMultis(SectionFile file, CollectionSchema schema, int documents)
    {
        _file = file;
        _fields = [.. schema.MultiVectors.Select((multi, position) => new Field(file, multi, position, documents))];
    }

    public long MappedBytes => _file.MappedBytes;

    /// <returns>Null where the schema has no multi vector.</returns>
    /// <exception cref="CollectionException">Checksum: the file is missing, damaged where it was looked at, or of other documents.</exception>
    public static SegmentMultis? Open(string directory, CollectionSchema schema, int documents)
    {
        if (schema.MultiVectors.Count == 0)
        {
            return null;
        }
        SectionFile file = SectionFile.Open(Path.Combine(directory, MultiSections.FileName), MultiSections.Kind);
        try
        {
            return new SegmentMultis(file, schema, documents);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the whole file and reports every damaged block.</summary>
    public static IReadOnlyList<DamageFinding> Scrub(
        string directory, CollectionSchema schema, CancellationToken cancel, IScrubObserver? observer = null) =>
        schema.MultiVectors.Count == 0 ? [] : SectionFile.Scrub(Path.Combine(directory, MultiSections.FileName), MultiSections.Kind, cancel, observer);

    /// <summary>Rows of all documents together.</summary>
    public long RowsOf(int position) => _fields[position].Rows;

    public MultiRows Of(int position, uint document) => _fields[position].Of(document);

    /// <summary>Those of all documents as one component.</summary>
    public ComponentBytes Bytes() => new("multis.truth", _file.MappedBytes, _file.MappedBytes, _file.ResidentBytes);

    public void Dispose() => _file.Dispose();

    private sealed class Field
    {
        private readonly string _path;
        private readonly MultiLayout _layout;
        private readonly MappedArray<long> _starts;
        private readonly LargeSection _rows;
        private readonly LargeSection _lengths;

        public Field(SectionFile file, MultiSchema schema, int position, int documents)
        {
            _path = file.Path;
            _layout = new MultiLayout(schema);
            _starts = file.Array<long>(MultiSections.Starts(position));
            _rows = file.Bytes(MultiSections.Rows(position));
            _lengths = _layout.HasLengths ? file.Bytes(MultiSections.Lengths(position)) : default;
            long rows = Rows = _starts.Length == documents + 1L ? _starts[documents] : -1;
            if (rows < 0 || _rows.Length / _layout.Stride != rows || _rows.Length % _layout.Stride != 0
                || (_layout.HasLengths && _lengths.Length != rows * sizeof(float)))
            {
                throw StorageErrors.Damaged(_path, $"its sections do not have the sizes of {documents} documents with '{schema.Name}'");
            }
        }

        public long Rows { get; }

        public MultiRows Of(uint document)
        {
            long from = _starts[(int)document], count = _starts[(int)document + 1] - from;
            if (count is < 0 or > MultiSchema.MaxRows || from < 0 || from > _starts[_starts.Length - 1] - count)
            {
                throw StorageErrors.Damaged(_path, $"document {document} has {count} rows from row {from} on");
            }
            return new MultiRows(
                _rows.Slice(from * _layout.Stride, (int)count * _layout.Stride),
                _layout.HasLengths ? MemoryMarshal.Cast<byte, float>(_lengths.Slice(from * sizeof(float), (int)count * sizeof(float))) : default);
        }
    }
}
