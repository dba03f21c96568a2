using System.Text;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Documents;

/// <summary>One text of a stored body, read in place.</summary>
internal readonly ref struct BodyText : IBodyEntry<BodyText>, IBodyValue<string>
{
    private BodyText(int position, bool isRemoval, ReadOnlySpan<byte> utf8)
    {
        Position = position;
        IsRemoval = isRemoval;
        Utf8 = utf8;
    }

    public static string Kind => "text";

    public static int Most => CollectionSchema.MaxTexts;

    public int Position { get; }

    public bool IsRemoval { get; }

    public ReadOnlySpan<byte> Utf8 { get; }

    public static BodyText Read(scoped ref ByteCursor cursor, int position)
    {
        // One more than the length, so that 0 can say "removed".
        int stored = cursor.ReadCount(DocumentBody.MaxTextBytes + 1);
        return new BodyText(position, stored == 0, stored == 0 ? default : cursor.ReadBytes(stored - 1));
    }

    public string ToValue() => Encoding.UTF8.GetString(Utf8);

    public void CopyTo(ref BodyWriter writer) => writer.Copy(this);
}
