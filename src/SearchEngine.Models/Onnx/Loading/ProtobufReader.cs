using System.Text;

namespace SearchEngine.Models.Onnx.Loading;

/// <summary>
/// Walks protobuf fields of a seekable stream without reading what it skips, so a model of gigabytes costs kilobytes. Every
/// length is checked against the end of the message it stands in.
/// </summary>
internal sealed class ProtobufReader(Stream stream)
{
    public const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;

    private const int MostVarintBytes = 10;

    private readonly BufferedStream _stream = new(stream, bufferSize: 1 << 14);

    public long Length { get; } = stream.Length;

    public long Position => _stream.Position;

    /// <summary>The next field's number and wire type; false at the message's end.</summary>
    public bool Next(long end, out int field, out int wire)
    {
        field = wire = 0;
        if (Position >= end)
            return false;
        var tag = Number(end);
        field = (int)(tag >> 3 & 0x1FFF_FFFF);
        wire = (int)(tag & 7);
        if (tag > uint.MaxValue || field == 0)
            throw Malformed("a field number is out of range");
        return true;
    }

    /// <summary>A varint that must end before <paramref name="end"/>.</summary>
    public ulong Number(long end)
    {
        ulong number = 0;
        for (var i = 0; i < MostVarintBytes; i++)
        {
            var next = Position < end ? _stream.ReadByte() : -1;
            if (next < 0)
                throw Malformed("a number is cut off");
            number |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
                return number;
        }
        throw Malformed("a number has more than ten bytes");
    }

    /// <summary>Reads a length and returns where the bytes after it end.</summary>
    public long Message(long end)
    {
        var length = Number(end);
        if (length > (ulong)(end - Position))
            throw Malformed($"a field of {length} bytes stands where {end - Position} are left");
        return Position + (long)length;
    }

    public string Text(long end, int mostBytes)
    {
        var after = Message(end);
        if (after - Position > mostBytes)
            throw Malformed($"a text has {after - Position} bytes, and at most {mostBytes} are read");
        var bytes = new byte[after - Position];
        _stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    public void MoveTo(long position) => _stream.Seek(position, SeekOrigin.Begin);

    /// <summary>Passes over a field whose tag was read.</summary>
    public void Skip(int wire, long end)
    {
        if (wire == Varint)
        {
            Number(end);
            return;
        }
        var after = wire switch
        {
            Fixed64 => Position + sizeof(ulong),
            Bytes => Message(end),
            Fixed32 => Position + sizeof(uint),
            _ => throw Malformed($"wire type {wire} is not used by ONNX"),
        };
        if (after > end)
            throw Malformed("a field is cut off");
        MoveTo(after);
    }

    private InvalidDataException Malformed(string what) => new($"{what} (near byte {Position})");
}
