using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Documents;

/// <summary>
/// Writes entries of a body in ascending position: attributes, <see cref="EndAttributes"/>, texts, <see cref="EndTexts"/>, sparse
/// vectors, <see cref="End"/>. Where there are no sparse vectors, the body is one of before there were any.
/// </summary>
internal ref struct BodyWriter
{
    private readonly PooledBuffer _buffer;
    private readonly int _start;
    private int _next;
    private int _textsEnd;

    public BodyWriter(PooledBuffer buffer)
    {
        _buffer = buffer;
        _start = buffer.Length;
        buffer.WriteByte(BodyFormat.Version);
        buffer.WriteUInt32(0);
    }

    /// <summary>An attribute that was stored before, as it was.</summary>
    public void Copy(in BodyAttribute attribute)
    {
        Position(attribute.Position);
        _buffer.Write(attribute.Raw);
    }

    public void RemoveAttribute(int position)
    {
        Position(position);
        _buffer.WriteByte(BodyFormat.Removed);
    }

    public void Attribute(int position, in AttributeValue value, string field)
    {
        Position(position);
        if (!value.IsArray)
        {
            _buffer.WriteByte((byte)value.Type);
            Value(value, field);
        }
        else
        {
            if (value.Items.Length > DocumentBody.MaxArrayItems)
            {
                throw BodyErrors.ArrayTooLong(field, value.Items.Length);
            }
            _buffer.WriteByte((byte)((byte)value.Type | BodyFormat.ArrayFlag));
            int lengthAt = _buffer.Length;
            _buffer.WriteUInt32(0);
            _buffer.WriteVarint((ulong)value.Items.Length);
            foreach (ref readonly AttributeValue item in value.Items)
            {
                Value(item, field);
                CheckSize(field);
            }

            BinaryPrimitives.WriteUInt32LittleEndian(_buffer.Written[lengthAt..], (uint)(_buffer.Length - lengthAt - sizeof(uint)));
        }

        CheckSize(field);
    }

    public void EndAttributes()
    {
        int length = _buffer.Length - _start - BodyFormat.HeadBytes;
        if (length > DocumentBody.MaxAttributeBytes)
        {
            throw BodyErrors.AttributesTooLarge("attributes");
        }

        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.Written[(_start + 1)..], (uint)length);
        _next = 0;
    }

    public void RemoveText(int position)
    {
        Position(position);
        _buffer.WriteVarint(0);
    }

    public void Copy(in BodyText text)
    {
        Position(text.Position);
        _buffer.WriteVarint((ulong)text.Utf8.Length + 1);
        _buffer.Write(text.Utf8);
    }

    public void Text(int position, string text, string field)
    {
        Position(position);
        int bytes = text.Length <= DocumentBody.MaxTextBytes ? Encoding.UTF8.GetByteCount(text) : int.MaxValue;
        if (bytes > DocumentBody.MaxTextBytes)
        {
            throw BodyErrors.TextTooLarge(field);
        }

        _buffer.WriteVarint((ulong)bytes + 1);
        Utf8(text, bytes, field);
    }

    public void EndTexts()
    {
        _textsEnd = _buffer.Length;
        _next = 0;
    }

    public void SparseVector(int position, ReadOnlySpan<uint> dimensions, ReadOnlySpan<float> weights)
    {
        Position(position);
        _buffer.WriteVarint((ulong)dimensions.Length);
        _buffer.Write(MemoryMarshal.AsBytes(dimensions));
        _buffer.Write(MemoryMarshal.AsBytes(weights));
    }

    public readonly void End()
    {
        int length = _buffer.Length - _textsEnd;
        if (length > 0)
        {
            _buffer.Written[_start] = BodyFormat.VersionWithSparse;
            _buffer.WriteUInt32((uint)length);
        }
    }

    private void Value(in AttributeValue value, string field)
    {
        switch (value.Type)
        {
            case AttributeType.Keyword:
                Keyword(value.Keyword, field);
                break;
            case AttributeType.Integer:
                _buffer.WriteVarint(BodyFormat.Folded(value.Integer));
                break;
            case AttributeType.Float:
                _buffer.WriteDouble(double.IsFinite(value.Float) ? value.Float : throw BodyErrors.NotFinite(field, value.Float));
                break;
            case AttributeType.Bool:
                _buffer.WriteByte(value.Bool ? (byte)1 : (byte)0);
                break;
            case AttributeType.Timestamp:
                _buffer.WriteUInt64((ulong)value.Integer);
                break;
            default:
                Place(value.Place, field);
                break;
        }
    }

    private void Keyword(string keyword, string field)
    {
        int bytes = keyword.Length <= DocumentBody.MaxKeywordBytes ? Encoding.UTF8.GetByteCount(keyword) : int.MaxValue;
        if (bytes > DocumentBody.MaxKeywordBytes)
        {
            throw BodyErrors.KeywordTooLong(field);
        }

        _buffer.WriteVarint((ulong)bytes);
        Utf8(keyword, bytes, field);
    }

    private void Place(GeoPoint place, string field)
    {
        // Written so that NaN fails as well.
        if (!(Math.Abs(place.Latitude) <= 90 && Math.Abs(place.Longitude) <= 180))
        {
            throw BodyErrors.OffTheGlobe(field, place);
        }

        _buffer.WriteDouble(place.Latitude);
        _buffer.WriteDouble(place.Longitude);
    }

    /// <summary>The count assumes replaced surrogates, which are as long as what they replace, and then refuses them.</summary>
    private void Utf8(string text, int bytes, string field)
    {
        OperationStatus status = System.Text.Unicode.Utf8.FromUtf16(
            text, _buffer.Take(bytes), out _, out int written, replaceInvalidSequences: false);
        if (status != OperationStatus.Done || written != bytes)
        {
            throw BodyErrors.NotText(field);
        }
    }

    private void CheckSize(string field)
    {
        if (_buffer.Length - _start - BodyFormat.HeadBytes > DocumentBody.MaxAttributeBytes)
        {
            throw BodyErrors.AttributesTooLarge(field);
        }
    }

    private void Position(int position)
    {
        _buffer.WriteVarint((ulong)(position - _next));
        _next = position + 1;
    }
}
