using System.Collections.Concurrent;
using System.Text.Unicode;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace SearchEngine.Rpc.Wire;

/// <summary>
/// Where a message type has text. Parsers of other languages refuse a string field that is not UTF-8, as proto3 says they must;
/// Google.Protobuf for C# replaces what it cannot read, and nobody would ever know that the text is another one.
/// </summary>
internal sealed class TextPlan
{
    private const int MaxFieldNumber = 1_024;

    private const int MaxDepth = 100;

    private static readonly ConcurrentDictionary<string, TextPlan?> Plans = new(StringComparer.Ordinal);

    private Step?[] _steps = [];

    /// <summary>The plan of a type; null where no message of it can hold text.</summary>
    public static TextPlan? Of(MessageDescriptor type) => Plans.GetOrAdd(type.FullName, static (_, root) => Build(root), type);

    /// <summary>The path of the first string that is not UTF-8, as in "options.model" or "texts"; null where there is none.</summary>
    /// <remarks>A malformed message is left to the parser, which says so.</remarks>
    public string? FindInvalid(ReadOnlySpan<byte> message) => FindInvalid(message, 0);

    /// <exception cref="RpcException">A string is not UTF-8.</exception>
    public void Require(ReadOnlySpan<byte> message)
    {
        if (FindInvalid(message) is { } field) throw FrameErrors.NotUnicode(field);
    }

    private string? FindInvalid(ReadOnlySpan<byte> message, int depth)
    {
        // Deeper than any parser goes: it will say so.
        if (depth == MaxDepth) return null;
        var walk = new FieldWalk(message);
        while (walk.Next())
        {
            if (walk.WireType != WireFormat.WireType.LengthDelimited || Find(walk.Number) is not { } step) continue;
            ReadOnlySpan<byte> content = message.Slice(walk.Start, walk.Length);
            if (step.Inner is null)
            {
                if (!Utf8.IsValid(content)) return step.Name;
            }
            else if (step.Inner.FindInvalid(content, depth + 1) is { } inner)
            {
                return $"{step.Name}.{inner}";
            }
        }
        return null;
    }

    private Step? Find(int field) => (uint)field < (uint)_steps.Length ? _steps[field] : null;

    private static TextPlan? Build(MessageDescriptor root)
    {
        var plans = new Dictionary<string, TextPlan>(StringComparer.Ordinal);
        TextPlan plan = Build(root, plans);
        while (plans.Values.Count(p => p.Prune()) > 0)
        {
            // What leads to pruned types alone is pruned in its turn.
        }
        return plan._steps.Length == 0 ? null : plan;
    }

    private static TextPlan Build(MessageDescriptor type, Dictionary<string, TextPlan> plans)
    {
        if (plans.TryGetValue(type.FullName, out TextPlan? known)) return known;
        var plan = new TextPlan();
        plans.Add(type.FullName, plan);
        var steps = new Step?[MaxFieldNumber];
        foreach (FieldDescriptor field in type.Fields.InFieldNumberOrder())
        {
            if (field.FieldNumber >= MaxFieldNumber) continue;
            steps[field.FieldNumber] = field.FieldType switch
            {
                FieldType.String => new Step(field.Name, null),
                // Messages of maps are their entries.
                FieldType.Message => new Step(field.Name, Build(field.MessageType, plans)),
                _ => null,
            };
        }
        plan._steps = steps[..(Array.FindLastIndex(steps, step => step is not null) + 1)];
        return plan;
    }

    /// <summary>Takes out what leads to no text; true where something went.</summary>
    private bool Prune()
    {
        bool pruned = false;
        for (int i = 0; i < _steps.Length; i++)
        {
            if (_steps[i] is not { Inner._steps.Length: 0 }) continue;
            _steps[i] = null;
            pruned = true;
        }
        if (pruned) _steps = _steps[..(Array.FindLastIndex(_steps, step => step is not null) + 1)];
        return pruned;
    }

    /// <param name="Name">Of the field.</param>
    /// <param name="Inner">Null for the text itself.</param>
    private sealed record Step(string Name, TextPlan? Inner);
}
