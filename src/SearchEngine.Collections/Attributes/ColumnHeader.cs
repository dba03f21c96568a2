using System.Runtime.InteropServices;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Attributes;

/// <summary>What an `attributes` file says of one attribute; in the file as it is here, 16 bytes little endian.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly struct ColumnHeader(AttributeSchema attribute, int codeBytes, int values, long entries)
{
    private readonly byte _type = (byte)attribute.Type;
    private readonly byte _isArray = (byte)(attribute.IsArray ? 1 : 0);
    private readonly byte _index = (byte)attribute.Index;
    private readonly byte _codeBytes = (byte)codeBytes;
    private readonly int _values = values;
    private readonly long _entries = entries;

    /// <summary>Bytes per code in the column of codes by row: 1, 2 or 4; 0 where there is none.</summary>
    public int CodeBytes => _codeBytes;

    /// <summary>Distinct values.</summary>
    public int Values => _values;

    /// <summary>Pairs of a row and a value.</summary>
    public long Entries => _entries;

    public bool IsOf(AttributeSchema attribute) =>
        _type == (byte)attribute.Type && _index == (byte)attribute.Index && _isArray == (byte)(attribute.IsArray ? 1 : 0);
}
