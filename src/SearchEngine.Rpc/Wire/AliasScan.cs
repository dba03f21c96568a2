using Google.Protobuf;

namespace SearchEngine.Rpc.Wire;

/// <summary>One pass over a message that finds its long bytes fields, and a second that writes the message without them.</summary>
internal ref struct AliasScan(int longField)
{
    private const int MaxFound = 4;

    // Lengths in the skeleton are written as five-byte varints, so that they can be filled in afterwards.
    private const int LengthBytes = 5;

    private Slots _slots;
    private ParentSlots _parents;
    private int _parentCount;

    public int Count { get; private set; }

    /// <summary>How long the skeleton of a message of <paramref name="length"/> bytes can become.</summary>
    public readonly int SkeletonBytes(int length)
    {
        for (int i = 0; i < Count; i++) length -= _slots[i].Length;
        return length + _parentCount * LengthBytes;
    }

    /// <summary>False when the message has to take the plain path.</summary>
    public bool Scan(AliasPlan plan, ReadOnlySpan<byte> message, int offset)
    {
        var fields = new FieldWalk(message);
        while (fields.Next())
        {
            if (fields.WireType != WireFormat.WireType.LengthDelimited || plan.Find(fields.Number) is not { } step) continue;
            if (step.Inner is null)
            {
                // The last value wins: after a long one, any second value belongs to the plain parser.
                if (Knows(step)) return false;
                if (fields.Length < longField) continue;
                if (Count == MaxFound) return false;
                _slots[Count++] = (step, offset + fields.Start, fields.Length);
            }
            else
            {
                if (_parentCount == MaxFound || KnowsParent(step)) return false;
                _parents[_parentCount++] = step;
                if (!Scan(step.Inner, message.Slice(fields.Start, fields.Length), offset + fields.Start)) return false;
            }
        }
        return fields.AtEnd;
    }

    /// <summary>Writes the message without the long fields; returns its length. Call only after a scan that succeeded.</summary>
    public readonly int WriteSkeleton(AliasPlan plan, ReadOnlySpan<byte> message, Span<byte> skeleton)
    {
        int written = 0;
        int copied = 0;
        var fields = new FieldWalk(message);
        while (fields.Next())
        {
            if (fields.WireType != WireFormat.WireType.LengthDelimited || plan.Find(fields.Number) is not { } step) continue;
            if (step.Inner is null && fields.Length < longField) continue;
            // The parser makes two objects for an empty field: not even its tag is left.
            ReadOnlySpan<byte> before = message[copied..(step.Inner is null ? fields.TagStart : fields.LengthStart)];
            before.CopyTo(skeleton[written..]);
            written += before.Length;
            copied = fields.Start + fields.Length;
            if (step.Inner is null) continue;
            int inner = WriteSkeleton(step.Inner, message.Slice(fields.Start, fields.Length), skeleton[(written + LengthBytes)..]);
            WritePaddedVarint(skeleton[written..], inner);
            written += LengthBytes + inner;
        }
        message[copied..].CopyTo(skeleton[written..]);
        return written + message.Length - copied;
    }

    public readonly void Attach(IMessage root, ReadOnlyMemory<byte> message)
    {
        for (int i = 0; i < Count; i++)
        {
            (AliasPlan.Step step, int start, int length) = _slots[i];
            // A parent in a oneof may have been replaced by a later member: then there is nothing to attach to.
            if (Parent(root, step.Parent) is { } owner)
            {
                step.Field.Accessor.SetValue(owner, UnsafeByteOperations.UnsafeWrap(message.Slice(start, length)));
            }
        }
    }

    private static IMessage? Parent(IMessage root, AliasPlan.Step? step)
    {
        if (step is null) return root;
        return Parent(root, step.Parent) is { } owner ? (IMessage?)step.Field.Accessor.GetValue(owner) : null;
    }

    private readonly bool Knows(AliasPlan.Step step)
    {
        for (int i = 0; i < Count; i++)
        {
            if (ReferenceEquals(_slots[i].Step, step)) return true;
        }
        return false;
    }

    private readonly bool KnowsParent(AliasPlan.Step step)
    {
        for (int i = 0; i < _parentCount; i++)
        {
            if (ReferenceEquals(_parents[i], step)) return true;
        }
        return false;
    }

    private static void WritePaddedVarint(Span<byte> target, int value)
    {
        for (int i = 0; i < LengthBytes - 1; i++) target[i] = (byte)((value >> (7 * i)) | 0x80);
        target[LengthBytes - 1] = (byte)(value >> 28);
    }

    [System.Runtime.CompilerServices.InlineArray(MaxFound)]
    private struct Slots
    {
        private (AliasPlan.Step Step, int Start, int Length) _first;
    }

    [System.Runtime.CompilerServices.InlineArray(MaxFound)]
    private struct ParentSlots
    {
        private AliasPlan.Step _first;
    }
}
