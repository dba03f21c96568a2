using Google.Protobuf.Reflection;

namespace SearchEngine.Rpc.Wire;

/// <summary>Where a message type can hold aliased bytes: by field number, a bytes field or a message that leads to one.</summary>
internal sealed class AliasPlan
{
    private const int MaxDepth = 8;

    // By field number, which in any contract worth aliasing is small; a field beyond is parsed the plain way.
    private const int MaxFieldNumber = 64;

    private Step?[] _steps = [];

    /// <summary>One field on the way: <see cref="Inner"/> is null for the bytes field itself.</summary>
    public sealed record Step(FieldDescriptor Field, AliasPlan? Inner, Step? Parent);

    public static AliasPlan? Of(MessageDescriptor type) => Of(type, null, 0, []);

    public Step? Find(int fieldNumber) => (uint)fieldNumber < (uint)_steps.Length ? _steps[fieldNumber] : null;

    private static AliasPlan? Of(MessageDescriptor type, Step? parent, int depth, HashSet<string> open)
    {
        // A type inside itself is not followed: plans are finite, and such fields take the plain path.
        if (depth == MaxDepth || !open.Add(type.FullName)) return null;
        var steps = new Step?[MaxFieldNumber];
        foreach (FieldDescriptor field in type.Fields.InFieldNumberOrder())
        {
            if (field.IsRepeated || field.IsMap || field.FieldNumber >= MaxFieldNumber) continue;
            if (field.FieldType == FieldType.Bytes && field.RealContainingOneof is null)
            {
                steps[field.FieldNumber] = new Step(field, null, parent);
            }
            else if (field.FieldType == FieldType.Message)
            {
                var step = new Step(field, null, parent);
                AliasPlan? inner = Of(field.MessageType, step, depth + 1, open);
                if (inner is not null) steps[field.FieldNumber] = step with { Inner = inner };
            }
        }
        open.Remove(type.FullName);
        int last = Array.FindLastIndex(steps, step => step is not null);
        return last < 0 ? null : new AliasPlan { _steps = steps[..(last + 1)] };
    }
}
