using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Text;

/// <summary>The indexed text fields of live documents.</summary>
internal sealed class LiveTexts
{
    private readonly LiveText?[] _fields;

    public LiveTexts(CollectionSchema schema) =>
        _fields = [.. schema.Texts.Select(static t => t.Index == TextIndex.None ? null : new LiveText())];

    public long MemoryBytes => _fields.Sum(static f => f?.MemoryBytes ?? 0);

    /// <summary>Takes the texts of the next row. Writer only.</summary>
    public void Append(uint row, ReadOnlySpan<byte> body)
    {
        if (Array.TrueForAll(_fields, static f => f is null))
        {
            return;
        }
        BodyEntries<BodyText> texts = DocumentBody.Texts(body).GetEnumerator();
        bool more = texts.MoveNext();
        for (int position = 0; position < _fields.Length; position++)
        {
            while (more && texts.Current.Position < position)
            {
                more = texts.MoveNext();
            }
            _fields[position]?.Append(row, more && texts.Current.Position == position ? texts.Current.ToValue() : "");
        }
    }

    /// <summary>A field as a reader with a bound sees it.</summary>
    public ITextIndex Below(int position, int rows) =>
        (_fields[position] ?? throw new ArgumentException($"Text field {position} has no index.", nameof(position))).Below(rows);
}
