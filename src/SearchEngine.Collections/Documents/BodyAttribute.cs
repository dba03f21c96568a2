using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Documents;

/// <summary>One attribute of a stored body, read in place.</summary>
internal readonly ref struct BodyAttribute : IBodyEntry<BodyAttribute>, IBodyValue<AttributeValue>
{
    private readonly ReadOnlySpan<byte> _values;

    private BodyAttribute(int position, byte tag, int count, ReadOnlySpan<byte> values, ReadOnlySpan<byte> raw)
    {
        Position = position;
        Tag = tag;
        Count = count;
        _values = values;
        Raw = raw;
    }

    public static string Kind => "attribute";

    public static int Most => CollectionSchema.MaxAttributes;

    public int Position { get; }

    public AttributeType Type => (AttributeType)(Tag & ~BodyFormat.ArrayFlag);

    public bool IsArray => (Tag & BodyFormat.ArrayFlag) != 0;

    public bool IsRemoval => Tag == BodyFormat.Removed;

    /// <summary>Values: 1 unless it is an array.</summary>
    public int Count { get; }

    public BodyItems Items => new(Type, Count, _values);

    /// <summary>The value of an attribute that is no array, or the first of an array that is not empty.</summary>
    public BodyItem First
    {
        get
        {
            var cursor = new ByteCursor(_values);
            return BodyItem.Read(ref cursor, Type);
        }
    }

    /// <summary>Type byte and values as stored.</summary>
    internal ReadOnlySpan<byte> Raw { get; }

    private byte Tag { get; }

    public AttributeValue ToValue()
    {
        if (!IsArray)
        {
            return First.Value(Type);
        }

        var items = new AttributeValue[Count];
        int next = 0;
        foreach (BodyItem item in Items)
        {
            items[next++] = item.Value(Type);
        }

        return AttributeValue.ArrayOf(Type, items);
    }

    public static BodyAttribute Read(scoped ref ByteCursor cursor, int position)
    {
        int from = cursor.Position;
        byte tag = cursor.ReadByte();
        if (tag == BodyFormat.Removed)
        {
            return new BodyAttribute(position, tag, 0, default, cursor.Since(from));
        }

        var type = (AttributeType)(tag & ~BodyFormat.ArrayFlag);
        if (!BodyFormat.IsKnown(type))
        {
            throw ByteCursor.Malformed($"attribute {position} of type {(int)type}");
        }

        if ((tag & BodyFormat.ArrayFlag) == 0)
        {
            int valueFrom = cursor.Position;
            _ = BodyItem.Read(ref cursor, type);
            return new BodyAttribute(position, tag, 1, cursor.Since(valueFrom), cursor.Since(from));
        }

        uint length = cursor.ReadUInt32();
        ReadOnlySpan<byte> array = cursor.ReadBytes((int)Math.Min(length, int.MaxValue));
        var inner = new ByteCursor(array);
        // Every value takes a byte at least, so a count that fits allocates no more than the body is long.
        int count = inner.ReadCount(inner.Remaining);
        return new BodyAttribute(position, tag, count, array[inner.Position..], cursor.Since(from));
    }

    public void CopyTo(ref BodyWriter writer) => writer.Copy(this);
}
