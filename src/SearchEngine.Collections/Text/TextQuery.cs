using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;

namespace SearchEngine.Collections.Text;

/// <summary>A query by words that was checked against the schema: its words with how often each comes, and the fields to look in.</summary>
internal sealed record TextQuery(
    IReadOnlyList<(string Word, int Times)> Words, IReadOnlyList<(int Position, double Weight)> Fields, WordMatch Match)
{
    public static TextQuery Of(CollectionSchema schema, TextSearchRequest request)
    {
        Limits(request);
        var times = new Dictionary<string, int>(StringComparer.Ordinal);
        var order = new List<string>();
        foreach (string word in Text.Words.Of(request.Query))
        {
            if (!times.TryGetValue(word, out int known))
            {
                order.Add(word);
            }
            times[word] = known + 1;
        }
        if (order.Count > TextSearchRequest.MaxWords)
        {
            throw new CollectionException(
                CollectionError.LimitExceeded, "text",
                $"The query has {order.Count} distinct words, {TextSearchRequest.MaxWords} are possible.",
                "Search with fewer words.");
        }
        return new TextQuery([.. order.Select(w => (w, times[w]))], [.. FieldsOf(schema, request)], request.Match);
    }

    private static IEnumerable<(int Position, double Weight)> FieldsOf(CollectionSchema schema, TextSearchRequest request)
    {
        if (request.Fields is null)
        {
            int[] indexed = [.. Enumerable.Range(0, schema.Texts.Count).Where(i => schema.Texts[i].Index != TextIndex.None)];
            return indexed.Length > 0
                ? indexed.Select(static i => (i, 1.0))
                : throw new CollectionException(
                    CollectionError.FieldInvalid, "fields", "The collection has no indexed text field.",
                    "Declare one with the index Bm25.");
        }
        return request.Fields.Select(field => (Position(schema, field.Key), Weight(field.Key, field.Value)));
    }

    private static int Position(CollectionSchema schema, string name)
    {
        int position = schema.TextAt(name);
        if (position < 0)
        {
            throw new CollectionException(
                CollectionError.AttributeUnknown, "fields", $"The collection has no text field \"{name}\".",
                "Use the names of the schema.");
        }
        return schema.Texts[position].Index != TextIndex.None
            ? position
            : throw new CollectionException(
                CollectionError.FieldInvalid, "fields", $"The text field \"{name}\" has no index.", "Search the indexed ones.");
    }

    private static double Weight(string name, double weight) => weight is > 0 and <= TextSearchRequest.MaxWeight
        ? weight
        : throw new CollectionException(
            CollectionError.FieldInvalid, "fields",
            $"The weight of text field \"{name}\" is {weight}: above 0 to {TextSearchRequest.MaxWeight} is possible.",
            "Leave out fields that are not to count.");

    private static void Limits(TextSearchRequest request)
    {
        if (request.Query.Length > TextSearchRequest.MaxLength)
        {
            throw new CollectionException(
                CollectionError.LimitExceeded, "text",
                $"The query has {request.Query.Length} characters, {TextSearchRequest.MaxLength} are possible.",
                "Search with fewer words.");
        }
        request.Window.Check();
    }
}
