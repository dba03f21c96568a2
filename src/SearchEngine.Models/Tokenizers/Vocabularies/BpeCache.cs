namespace SearchEngine.Models.Tokenizers.Vocabularies;

/// <summary>
/// Tokens of words met before. Bounded: a word has one slot, and the newest keeps it. Readers and writers need no lock,
/// because an entry never changes once published.
/// </summary>
internal sealed class BpeCache
{
    private const int Slots = 1 << 14;

    /// <summary>UTF-16 units of a word above which it is not kept; long words rarely return.</summary>
    private const int MaxWordLength = 48;

    private readonly Entry?[] _entries = new Entry?[Slots];

    public Entry? Find(ReadOnlySpan<char> word)
    {
        if (word.Length > MaxWordLength)
        {
            return null;
        }
        var entry = Volatile.Read(ref _entries[Slot(word)]);
        return entry is not null && word.SequenceEqual(entry.Word) ? entry : null;
    }

    public void Keep(ReadOnlySpan<char> word, int[] ids, int[] ends)
    {
        if (word.Length <= MaxWordLength)
        {
            Volatile.Write(ref _entries[Slot(word)], new Entry(word.ToString(), ids, ends));
        }
    }

    private static int Slot(ReadOnlySpan<char> word) => string.GetHashCode(word) & (Slots - 1);

    /// <param name="Word">The text of the word.</param>
    /// <param name="Ids">Its tokens.</param>
    /// <param name="Ends">Where each token ends in the word; it starts where the one before ends.</param>
    internal sealed record Entry(string Word, int[] Ids, int[] Ends);
}
