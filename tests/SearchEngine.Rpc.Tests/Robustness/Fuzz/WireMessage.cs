using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace SearchEngine.Rpc.Tests.Robustness.Fuzz;

/// <summary>
/// Writes messages that are valid but unusual: fields in any order and sent several times, lengths and tags in padded
/// varints, unknown fields, groups, wire types other than the field's, long and short bytes.
/// </summary>
internal sealed class WireMessage(Random random)
{
    private const int MaxDepth = 5;

    public byte[] Write(MessageDescriptor type, int depth)
    {
        var message = new MemoryStream();
        IList<FieldDescriptor> fields = type.Fields.InDeclarationOrder();
        for (int i = random.Next(0, 6); i > 0; i--)
        {
            if (random.Next(12) == 0) WriteUnknown(message);
            else if (fields.Count > 0) WriteField(message, fields[random.Next(fields.Count)], depth);
        }
        return message.ToArray();
    }

    private void WriteField(MemoryStream message, FieldDescriptor field, int depth)
    {
        switch (field.FieldType)
        {
            case FieldType.Message when field.IsMap || depth < MaxDepth:
                WriteLengthDelimited(message, field.FieldNumber, Write(field.MessageType, depth + 1));
                break;
            case FieldType.Bytes:
                WriteLengthDelimited(message, field.FieldNumber, Bytes());
                break;
            case FieldType.String:
                WriteLengthDelimited(message, field.FieldNumber, random.Next(20) == 0 ? Bytes() : Encoding.UTF8.GetBytes(new string('ü', random.Next(20))));
                break;
            case FieldType.Float when field.IsRepeated && random.Next(2) == 0:
                WriteLengthDelimited(message, field.FieldNumber, new byte[4 * random.Next(200)]);
                break;
            case FieldType.Float:
                WriteVarint(message, Tag(field.FieldNumber, WireFormat.WireType.Fixed32));
                message.Write(new byte[4]);
                break;
            default:
                WriteVarint(message, Tag(field.FieldNumber, WireFormat.WireType.Varint));
                WriteVarint(message, (ulong)random.NextInt64());
                break;
        }
    }

    private void WriteUnknown(MemoryStream message)
    {
        int number = random.Next(3) == 0 ? random.Next(1, 13) : random.Next(14, 5_000);
        switch (random.Next(5))
        {
            case 0:
                WriteVarint(message, Tag(number, WireFormat.WireType.Varint));
                WriteVarint(message, (ulong)random.NextInt64());
                break;
            case 1:
                WriteVarint(message, Tag(number, WireFormat.WireType.Fixed64));
                message.Write(new byte[8]);
                break;
            case 2:
                WriteVarint(message, Tag(number, WireFormat.WireType.Fixed32));
                message.Write(new byte[4]);
                break;
            case 3:
                WriteVarint(message, Tag(number, WireFormat.WireType.StartGroup));
                WriteVarint(message, Tag(number, WireFormat.WireType.EndGroup));
                break;
            default:
                WriteLengthDelimited(message, number, Bytes());
                break;
        }
    }

    private void WriteLengthDelimited(MemoryStream message, int number, byte[] content)
    {
        WriteVarint(message, Tag(number, WireFormat.WireType.LengthDelimited));
        WriteVarint(message, (ulong)content.Length);
        message.Write(content);
    }

    private byte[] Bytes()
    {
        // Around 512 the parser changes its ways.
        int length = random.Next(5) switch { 0 => 0, 1 => random.Next(20), 2 => random.Next(508, 516), 3 => 3072, _ => random.Next(600, 2_000) };
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static ulong Tag(int number, WireFormat.WireType type) => ((ulong)number << 3) | (uint)type;

    private void WriteVarint(MemoryStream message, ulong value)
    {
        int padding = random.Next(30) == 0 ? random.Next(1, 4) : 0;
        for (; value >= 0x80; value >>= 7) message.WriteByte((byte)(value | 0x80));
        if (padding == 0)
        {
            message.WriteByte((byte)value);
            return;
        }
        message.WriteByte((byte)(value | 0x80));
        for (int i = 1; i < padding; i++) message.WriteByte(0x80);
        message.WriteByte(0);
    }
}
