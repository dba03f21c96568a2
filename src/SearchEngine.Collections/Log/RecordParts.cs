using System.Text;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Log;

/// <summary>The parts that payloads have in common.</summary>
internal static class RecordParts
{
    private const byte NumberId = 0;
    private const byte TextId = 1;

    public static void WriteId(PooledBuffer target, DocumentId id)
    {
        if (id.Text is not { } text)
        {
            target.WriteByte(NumberId);
            target.WriteVarint(id.Number);
            return;
        }

        target.WriteByte(TextId);
        int bytes = Encoding.UTF8.GetByteCount(text);
        target.WriteVarint((ulong)bytes);
        Encoding.UTF8.GetBytes(text, target.Take(bytes));
    }

    public static DocumentId ReadId(ref ByteCursor cursor)
    {
        byte kind = cursor.ReadByte();
        if (kind == NumberId)
        {
            return new DocumentId(cursor.ReadVarint());
        }

        ReadOnlySpan<byte> text = cursor.ReadBytes(cursor.ReadCount(DocumentId.MaxTextBytes));
        return kind == TextId && !text.IsEmpty
            ? new DocumentId(Encoding.UTF8.GetString(text))
            : throw ByteCursor.Malformed($"a document id of kind {kind} and {text.Length} bytes");
    }

    public static void WriteCounted(PooledBuffer target, ReadOnlySpan<byte> bytes)
    {
        target.WriteVarint((ulong)bytes.Length);
        target.Write(bytes);
    }
}
