using Google.Protobuf;

namespace SearchEngine.Rpc.Wire;

/// <summary>Walks the fields of one protobuf message without parsing them. Stops early at anything malformed or deprecated.</summary>
internal ref struct FieldWalk(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> _message = message;
    private int _position;

    public int Number { get; private set; }

    public WireFormat.WireType WireType { get; private set; }

    /// <summary>Where the field begins.</summary>
    public int TagStart { get; private set; }

    /// <summary>Where the length of a length-delimited field stands.</summary>
    public int LengthStart { get; private set; }

    /// <summary>Where its content starts.</summary>
    public int Start { get; private set; }

    public int Length { get; private set; }

    /// <summary>True when the walk ended because the message did.</summary>
    public readonly bool AtEnd => _position == _message.Length;

    public bool Next()
    {
        TagStart = _position;
        if (AtEnd || !TryVarint(out ulong tag) || tag is 0 or > uint.MaxValue) return Stop();
        Number = (int)(tag >> 3);
        WireType = (WireFormat.WireType)(tag & 7);
        bool whole = WireType switch
        {
            WireFormat.WireType.Varint => TryVarint(out _),
            WireFormat.WireType.Fixed64 => TrySkip(8),
            WireFormat.WireType.Fixed32 => TrySkip(4),
            WireFormat.WireType.LengthDelimited => TryContent(),
            _ => false,
        };
        return whole || Stop();
    }

    private bool Stop()
    {
        _position = TagStart;
        return false;
    }

    private bool TryContent()
    {
        LengthStart = _position;
        if (!TryVarint(out ulong length) || length > int.MaxValue) return false;
        Start = _position;
        Length = (int)length;
        return TrySkip(Length);
    }

    private bool TrySkip(int bytes)
    {
        if (bytes > _message.Length - _position) return false;
        _position += bytes;
        return true;
    }

    private bool TryVarint(out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64 && _position < _message.Length; shift += 7)
        {
            byte b = _message[_position++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return true;
        }
        return false;
    }
}
