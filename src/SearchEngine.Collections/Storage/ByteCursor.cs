using System.Buffers.Binary;

namespace SearchEngine.Collections.Storage;

/// <summary>Reads bytes that a file or a log gave; no length in them is trusted.</summary>
internal ref struct ByteCursor(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public readonly int Remaining => _bytes.Length - Position;

    public readonly bool AtEnd => Position == _bytes.Length;

    public byte ReadByte() => ReadBytes(1)[0];

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(sizeof(uint)));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(ReadBytes(sizeof(ulong)));

    public double ReadDouble() => BitConverter.UInt64BitsToDouble(ReadUInt64());

    public ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = ReadByte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Malformed("a number of more than ten bytes");
    }

    /// <summary>A number that is at most <paramref name="most"/>.</summary>
    public int ReadCount(int most)
    {
        ulong value = ReadVarint();
        return value <= (ulong)most ? (int)value : throw Malformed($"a count or position of {value}, at most {most} are possible");
    }

    /// <summary>Bytes that a length in front of them counts.</summary>
    public ReadOnlySpan<byte> ReadCounted() => ReadBytes(ReadCount(Remaining));

    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        if ((uint)count > (uint)Remaining)
        {
            throw Malformed($"{count} bytes announced where {Remaining} are left");
        }

        ReadOnlySpan<byte> read = _bytes.Slice(Position, count);
        Position += count;
        return read;
    }

    /// <summary>What was read since an earlier position.</summary>
    public readonly ReadOnlySpan<byte> Since(int position) => _bytes[position..Position];

    public static CollectionException Malformed(string what) => new(
        CollectionError.Checksum, "", $"Stored bytes are malformed: {what}.",
        "The collection is damaged: check the disk and restore a snapshot.");
}
