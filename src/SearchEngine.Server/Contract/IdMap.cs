using SearchEngine.Collections;
using SearchEngine.Collections.Documents;

namespace SearchEngine.Server.Contract;

/// <summary>Ids of points, both ways.</summary>
internal static class IdMap
{
    public const int MaxSet = 65_536;

    public static DocumentId Read(Wire.Id? id, string path)
    {
        switch (id?.KindCase)
        {
            case Wire.Id.KindOneofCase.Number:
                return new DocumentId(id.Number);
            case Wire.Id.KindOneofCase.Text:
                return Text(id.Text, path);
            default:
                throw Refusal.Required(path, "Set number or text.");
        }
    }

    /// <summary>Numbers first, then texts, as they came.</summary>
    public static IReadOnlyList<DocumentId> Read(Wire.IdSet set, string path)
    {
        long count = (long)set.Numbers.Count + set.Texts.Count;
        if (count > MaxSet)
        {
            throw Refusal.Limit(path, count, MaxSet, "ids", "Send several requests.");
        }
        var ids = new List<DocumentId>((int)count);
        foreach (ulong number in set.Numbers)
        {
            ids.Add(new DocumentId(number));
        }
        for (int i = 0; i < set.Texts.Count; i++)
        {
            ids.Add(Text(set.Texts[i], $"{path}.texts[{i}]"));
        }
        return ids;
    }

    public static Wire.Id Write(DocumentId id) => Write(id, new Wire.Id());

    /// <param name="target">Gets the id, whatever it held.</param>
    public static Wire.Id Write(DocumentId id, Wire.Id target)
    {
        if (id.Text is { } text)
        {
            target.Text = text;
        }
        else
        {
            target.Number = id.Number;
        }
        return target;
    }

    private static DocumentId Text(string text, string path)
    {
        try
        {
            return new DocumentId(text);
        }
        catch (CollectionException refused)
        {
            throw Refusal.Of(
                Wire.ErrorReason.FieldInvalid, path, refused.What, refused.Fix, actual: text, limit: $"{DocumentId.MaxTextBytes} bytes");
        }
    }
}
