namespace SearchEngine.Training.Vocabulary;

/// <summary>How often each word occurs, words being what the tokenizer's normaliser and splitter make of text.</summary>
internal static class WordCounts
{
    /// <summary>Distinct words that are kept; the rarest go when there are more.</summary>
    private const int MostWords = 1 << 20;

    /// <summary>Longer words are taken for data: the tokenizer gives them the unknown token anyway.</summary>
    private const int LongestWord = 40;

    /// <summary>Most frequent first, equal counts by ordinal: the order does not depend on that of the texts.</summary>
    public static List<(string Word, long Count)> Of(IEnumerable<string> texts)
    {
        var splitter = VocabularyFile.Load([]);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var words = new List<string>();
        foreach (var text in texts)
        {
            words.Clear();
            splitter.SplitWords(text, words);
            foreach (var word in words)
            {
                if (word.Length <= LongestWord)
                    counts[word] = counts.GetValueOrDefault(word) + 1;
            }
            if (counts.Count > 2 * MostWords)
                counts = Sorted(counts).Take(MostWords).ToDictionary(pair => pair.Word, pair => pair.Count, StringComparer.Ordinal);
        }
        return [.. Sorted(counts).Take(MostWords)];
    }

    private static IEnumerable<(string Word, long Count)> Sorted(Dictionary<string, long> counts) => counts
        .Select(pair => (Word: pair.Key, Count: pair.Value))
        .OrderByDescending(pair => pair.Count)
        .ThenBy(pair => pair.Word, StringComparer.Ordinal);
}
