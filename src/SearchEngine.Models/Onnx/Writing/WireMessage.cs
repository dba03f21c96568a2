using System.Buffers.Binary;
using System.Text;

namespace SearchEngine.Models.Onnx.Writing;

/// <summary>
/// A protobuf message under construction. Small fields are gathered in chunks; large payloads are kept by reference, so nesting
/// a graph of weights into a model copies none of them.
/// </summary>
internal sealed class WireMessage
{
    private const int Varint = 0, Bytes = 2, Fixed32 = 5;

    private readonly List<ReadOnlyMemory<byte>> _parts = [];
    private readonly List<byte> _tail = [];
    private long _flushed;

    public long Length => _flushed + _tail.Count;

    public WireMessage Number(int field, long value)
    {
        Tag(field, Varint);
        Put((ulong)value);
        return this;
    }

    public WireMessage Single(int field, float value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        Tag(field, Fixed32);
        _tail.AddRange(bytes);
        return this;
    }

    /// <summary>An empty text is the field's default and not written.</summary>
    public WireMessage Text(int field, string value) =>
        value.Length == 0 ? this : Payload(field, Encoding.UTF8.GetBytes(value));

    /// <summary>An element of a repeated text, which is written even if it is empty: a node's omitted input.</summary>
    public WireMessage Element(int field, string value) => Payload(field, Encoding.UTF8.GetBytes(value));

    /// <summary>The bytes are kept by reference: they must not change until the message is written.</summary>
    public WireMessage Payload(int field, ReadOnlyMemory<byte> bytes)
    {
        Tag(field, Bytes);
        Put((ulong)bytes.Length);
        Flush();
        Append(bytes);
        return this;
    }

    public WireMessage Message(int field, WireMessage message)
    {
        Tag(field, Bytes);
        Put((ulong)message.Length);
        return Concat(message);
    }

    /// <summary>Adds the fields of another message to this one.</summary>
    public WireMessage Concat(WireMessage message)
    {
        Flush();
        message.Flush();
        foreach (var part in message._parts)
            Append(part);
        return this;
    }

    public void WriteTo(Stream stream)
    {
        Flush();
        foreach (var part in _parts)
            stream.Write(part.Span);
    }

    private void Tag(int field, int wire) => Put((ulong)(field << 3 | wire));

    private void Put(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _tail.Add((byte)(value | 0x80));
        _tail.Add((byte)value);
    }

    private void Flush()
    {
        if (_tail.Count == 0)
            return;
        Append(_tail.ToArray());
        _tail.Clear();
    }

    private void Append(ReadOnlyMemory<byte> part)
    {
        _parts.Add(part);
        _flushed += part.Length;
    }
}
