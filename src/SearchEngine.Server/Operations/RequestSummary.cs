using System.Collections;
using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace SearchEngine.Server.Operations;

/// <summary>
/// A request for people: every field that is set, except that vectors are described and texts are told by their length unless the server
/// is configured to show them. Bytes are never read: they may be a buffer that serves another call by now.
/// </summary>
internal sealed class RequestSummary(bool showsTexts)
{
    private const int MaxBytes = 4_096;
    private const int MaxItems = 8;
    private const int MaxDepth = 8;

    // Fields whose strings are what people wrote, not names.
    private static readonly HashSet<string> TextFields = new(StringComparer.Ordinal) { "text", "texts", "query_text", "passage", "prompt" };

    public string Of(IMessage request)
    {
        var text = new StringBuilder();
        Write(text, request, 0);
        return Shortened(text);
    }

    private void Write(StringBuilder text, IMessage message, int depth)
    {
        text.Append('{');
        bool isFirst = true;
        foreach (FieldDescriptor field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            if (text.Length > MaxBytes || !IsSet(field, message))
            {
                continue;
            }
            text.Append(isFirst ? "" : ", ").Append(field.Name).Append(": ");
            isFirst = false;
            Write(text, field, field.Accessor.GetValue(message), depth);
        }
        text.Append('}');
    }

    private void Write(StringBuilder text, FieldDescriptor field, object? value, int depth)
    {
        switch (value)
        {
            case IDictionary map:
                text.Append('<').Append(map.Count).Append(" entries>");
                break;
            case IList list when field.FieldType is FieldType.Float or FieldType.Double or FieldType.Fixed32:
                text.Append('<').Append(list.Count).Append(" numbers>");
                break;
            case IList list:
                text.Append('[');
                for (int i = 0; i < list.Count && i < MaxItems; i++)
                {
                    text.Append(i > 0 ? ", " : "");
                    Write(text, field, list[i], depth);
                }
                text.Append(list.Count > MaxItems ? $", … {list.Count} in all]" : "]");
                break;
            case IMessage nested when depth < MaxDepth:
                Write(text, nested, depth + 1);
                break;
            case ByteString bytes:
                text.Append('<').Append(bytes.Length).Append(" bytes>");
                break;
            case string words when TextFields.Contains(field.Name) && !showsTexts:
                text.Append('<').Append(words.Length).Append(" characters>");
                break;
            case string words:
                text.Append('"').Append(Refusal.Shown(words)).Append('"');
                break;
            default:
                text.Append(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static bool IsSet(FieldDescriptor field, IMessage message) => field.HasPresence
        ? field.Accessor.HasValue(message)
        : field.Accessor.GetValue(message) switch
        {
            ICollection collection => collection.Count > 0,
            string words => words.Length > 0,
            ByteString bytes => !bytes.IsEmpty,
            bool flag => flag,
            Enum value => Convert.ToInt32(value, CultureInfo.InvariantCulture) != 0,
            IConvertible number => number.ToDouble(CultureInfo.InvariantCulture) != 0,
            _ => true,
        };

    private static string Shortened(StringBuilder text)
    {
        int kept = Math.Min(text.Length, MaxBytes);
        while (Encoding.UTF8.GetByteCount(text.ToString(0, kept)) > MaxBytes)
        {
            kept -= Math.Max(1, kept / 16);
        }
        if (kept > 0 && kept < text.Length && char.IsHighSurrogate(text[kept - 1]))
        {
            kept--;
        }
        return text.ToString(0, kept);
    }
}
