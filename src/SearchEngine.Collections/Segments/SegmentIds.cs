using System.Text;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Segments;

/// <summary>
/// The mapped ids of a segment. Every number read from the file is checked before it is used, so damage is a typed error
/// or a missed id, never an endless probe or a read outside.
/// </summary>
internal sealed class SegmentIds : IDisposable
{
    private const int LengthBits = 9;

    private readonly SectionFile _file;
    private readonly MappedArray<ulong> _values;
    private readonly MappedArray<ulong> _kinds;
    private readonly MappedArray<ulong> _table;
    private readonly LargeSection _texts;

    private SegmentIds(SectionFile file)
    {
        _file = file;
        Shape = SegmentShape.FromWords(file.Section<ulong>(SegmentNames.Shape), file.Path);
        _values = Sized<ulong>(SegmentNames.Values, Shape.Rows);
        _table = Sized<ulong>(SegmentNames.Table, IdTable.SlotsFor(Shape.Rows));
        if (file.Has(SegmentNames.Kinds))
        {
            _kinds = Sized<ulong>(SegmentNames.Kinds, RowSet.WordsFor(Shape.Rows));
            _texts = file.Bytes(SegmentNames.Texts);
        }
    }

    public SegmentShape Shape { get; }

    public SectionFile File => _file;

    public static SegmentIds Open(string path)
    {
        SectionFile file = SectionFile.Open(path, SegmentNames.Ids);
        try
        {
            file.ExpectRandomAccess();
            return new SegmentIds(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Where a text lies and its length, which is 1 to 256.</summary>
    public static ulong PackText(ulong offset, int length) => (offset << LengthBits) | (uint)length;

    /// <summary>The row of each document in a vector that is not the first.</summary>
    public MappedArray<uint> RowsOf(int vector) => Sized<uint>(SegmentNames.Rows(vector), Shape.Rows);

    public bool TryFind(in IdKey key, out uint ordinal)
    {
        ReadOnlySpan<ulong> table = _table.Span;
        int slot = table.IsEmpty ? 0 : IdTable.FirstSlot(key.Hash, table.Length);
        for (int probe = Math.Min(Shape.LongestProbe, table.Length); probe > 0 && table[slot] != 0; probe--)
        {
            if (IdTable.HashIn(table[slot]) == key.Hash)
            {
                ordinal = IdTable.OrdinalIn(table[slot]);
                if (KeyOf(ordinal).Equals(key))
                {
                    return true;
                }
            }
            slot = IdTable.Next(slot, table.Length);
        }
        ordinal = uint.MaxValue;
        return false;
    }

    /// <summary>The id of a row; valid while the file is open.</summary>
    public IdKey KeyOf(uint ordinal)
    {
        if (ordinal >= (uint)Shape.Rows)
        {
            throw StorageErrors.Damaged(_file.Path, $"row {ordinal} is asked for or named by the table, there are {Shape.Rows}");
        }
        ulong value = _values[(int)ordinal];
        if (_kinds.Length == 0 || (_kinds[(int)(ordinal >> 6)] >> (int)(ordinal & 63) & 1) == 0)
        {
            return IdKey.OfNumber(value);
        }
        int length = (int)(value & ((1 << LengthBits) - 1));
        if (length is < 1 or > DocumentId.MaxTextBytes)
        {
            throw StorageErrors.Damaged(_file.Path, $"the id of row {ordinal} has {length} bytes");
        }
        return IdKey.OfText(_texts.Slice((long)(value >> LengthBits), length));
    }

    public DocumentId IdOf(uint ordinal)
    {
        IdKey key = KeyOf(ordinal);
        if (!key.IsText)
        {
            return new DocumentId(key.Number);
        }
        try
        {
            return new DocumentId(Encoding.UTF8.GetString(key.Text));
        }
        catch (CollectionException cause)
        {
            throw StorageErrors.Damaged(_file.Path, $"the id of row {ordinal} is not a valid text", cause);
        }
    }

    public void Dispose() => _file.Dispose();

    private MappedArray<T> Sized<T>(string name, int length)
        where T : unmanaged
    {
        MappedArray<T> array = _file.Array<T>(name);
        return array.Length == length
            ? array
            : throw StorageErrors.Damaged(_file.Path, $"section '{name}' has {array.Length} elements instead of {length}");
    }
}
