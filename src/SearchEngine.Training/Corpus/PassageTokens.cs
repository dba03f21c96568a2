using SearchEngine.Models.Tokenizers;
using SearchEngine.Training.Numerics;
using SearchEngine.Training.Vocabulary;

namespace SearchEngine.Training.Corpus;

/// <summary>Passages to pieces, with the tokenizer that will serve them.</summary>
internal static class PassageTokens
{
    private static readonly string[] SentenceEnds = [".", "!", "?", ";", ":"];

    public static TokenizedPassage[] Of(IReadOnlyList<Passage> passages, Tokenizer tokenizer, int mostTokens, Workers workers)
    {
        int[] ends = [.. SentenceEnds.Select(end => tokenizer.IdOf(end) ?? -1).Where(id => id >= 0)];
        var tokenized = new TokenizedPassage[passages.Count];
        workers.For(passages.Count, () => new TokenSequence(), (i, scratch) =>
        {
            var title = Ids(passages[i].Title, tokenizer, mostTokens, scratch);
            var text = Ids(passages[i].Text, tokenizer, mostTokens, scratch);
            tokenized[i] = new TokenizedPassage(title, text, Sentences(text, ends));
        });
        return tokenized;
    }

    public static int[] Ids(string text, Tokenizer tokenizer, int most, TokenSequence scratch)
    {
        tokenizer.Tokenize(CleanText.Of(text), scratch);
        var ids = new List<int>(Math.Min(most, scratch.Count));
        foreach (var id in scratch.Ids)
        {
            // Unknown words and marks say nothing that could be learned.
            if (id >= VocabularyFile.Reserved && ids.Count < most)
                ids.Add(id);
        }
        return [.. ids];
    }

    private static int[] Sentences(int[] text, int[] ends)
    {
        var starts = new List<int> { 0 };
        for (var i = 0; i + 1 < text.Length; i++)
        {
            if (ends.Contains(text[i]))
                starts.Add(i + 1);
        }
        return [.. starts, text.Length];
    }
}
