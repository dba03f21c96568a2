using SearchEngine.Models.Tokenizers.Vocabularies;

namespace SearchEngine.Models.Tokenizers.Reading;

/// <summary>Reads the section "added_tokens".</summary>
internal static class AddedTokenReader
{
    public static IReadOnlyList<AddedToken> Read(JsonCursor? value, Vocabulary vocabulary, TokenizerLimits limits)
    {
        var tokens = new List<AddedToken>();
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var nextId = vocabulary.Count;
        foreach (var item in value?.Items(limits.MaxAddedTokens) ?? [])
        {
            var content = item.Get("content").Text(limits.MaxTokenLength);
            if (content.Length == 0)
            {
                continue;
            }
            var declared = item.Get("id");
            var id = declared.Number(limits.MaxVocabulary);
            var actual = FindId(content, ids, vocabulary, nextId);
            if (id != actual)
            {
                // The reference ignores the declared id. Whoever wrote it had another embedding table in mind.
                throw declared.Error(
                    $"gives the added token \"{content}\" the id {id}, but by vocabulary and order its id is {actual}");
            }
            ids[content] = id;
            nextId = Math.Max(nextId, id + 1);
            tokens.Add(new AddedToken(
                id,
                content,
                item.Flag("single_word", false),
                item.Flag("lstrip", false),
                item.Flag("rstrip", false),
                item.Flag("normalized", true),
                item.Flag("special", false)));
        }
        // Special tokens come first, which the reference prefers where two have one text.
        return [.. tokens.OrderByDescending(token => token.IsSpecial)];
    }

    /// <summary>A token of the vocabulary keeps its id; others are numbered on behind it.</summary>
    private static int FindId(string content, Dictionary<string, int> ids, Vocabulary vocabulary, int nextId)
    {
        if (ids.TryGetValue(content, out var known))
        {
            return known;
        }
        var id = vocabulary.Find(content);
        return id >= 0 ? id : nextId;
    }
}
