namespace SearchEngine.Models.Tokenizers.Vocabularies;

/// <summary>
/// Tokens of words met before. Bounded: a word has two slots, and the newest words keep them. Readers and writers need no
/// lock, because an entry never changes once published.
/// </summary>
internal sealed class BpeCache
{
    private const int Slots = 1 << 14;

    /// <summary>UTF-16 units of a word above which it is not kept; long words rarely return.</summary>
    private const int MaxWordLength = 48;

    private readonly Entry?[] _entries = new Entry?[Slots];

    /// <summary>Whether the cache keeps words of this length.</summary>
    public static bool Takes(ReadOnlySpan<char> word) => word.Length <= MaxWordLength;

    public Entry? Find(ReadOnlySpan<char> word)
    {
        if (!Takes(word))
        {
            return null;
        }
        var slot = Slot(word);
        var entry = Volatile.Read(ref _entries[slot]);
        if (entry is not null && word.SequenceEqual(entry.Word))
        {
            return entry;
        }
        entry = Volatile.Read(ref _entries[slot ^ 1]);
        return entry is not null && word.SequenceEqual(entry.Word) ? entry : null;
    }

    /// <summary>Keeps a word that the cache takes.</summary>
    public void Keep(ReadOnlySpan<char> word, int[] ids, int[] ends)
    {
        var slot = Slot(word);
        // The word that was here moves over, and the older one there goes.
        if (Volatile.Read(ref _entries[slot]) is { } first)
        {
            Volatile.Write(ref _entries[slot ^ 1], first);
        }
        Volatile.Write(ref _entries[slot], new Entry(word.ToString(), ids, ends));
    }

    /// <summary>Not the runtime's hash, which differs from process to process: what is cached shall not depend on luck.</summary>
    private static int Slot(ReadOnlySpan<char> word)
    {
        const uint Spread = 0x9E3779B1;
        var hash = (uint)word.Length;
        foreach (var unit in word)
        {
            hash = (hash ^ unit) * Spread;
            hash ^= hash >> 15;
        }
        return (int)(hash & (Slots - 1));
    }

    /// <param name="Word">The text of the word.</param>
    /// <param name="Ids">Its tokens.</param>
    /// <param name="Ends">Where each token ends in the word; it starts where the one before ends.</param>
    internal sealed record Entry(string Word, int[] Ids, int[] Ends);
}
