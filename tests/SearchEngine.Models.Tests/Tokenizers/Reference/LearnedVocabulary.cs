using System.Text;

namespace SearchEngine.Models.Tests.Tokenizers.Reference;

/// <summary>Vocabularies learned from generated sentences: small, but with merges that really apply.</summary>
internal static class LearnedVocabulary
{
    private const int Seed = 7;
    private const int Sentences = 3000;

    private static readonly Lazy<Dictionary<string, int>> Counts = new(CountWords);

    /// <summary>Words of the sentences with how often they come.</summary>
    public static IReadOnlyDictionary<string, int> Words => Counts.Value;

    /// <summary>Byte-pair merges in order, over words given as symbols.</summary>
    public static List<(string Left, string Right)> LearnMerges(IEnumerable<(List<string> Symbols, int Count)> words, int count)
    {
        var corpus = words.ToList();
        var merges = new List<(string, string)>();
        while (merges.Count < count)
        {
            var pairs = new Dictionary<(string, string), int>();
            foreach (var (symbols, weight) in corpus)
            {
                for (var index = 0; index + 1 < symbols.Count; index++)
                {
                    var pair = (symbols[index], symbols[index + 1]);
                    pairs[pair] = pairs.GetValueOrDefault(pair) + weight;
                }
            }
            if (pairs.Count == 0)
            {
                break;
            }
            var best = pairs.OrderByDescending(pair => pair.Value)
                .ThenBy(pair => pair.Key.Item1 + " " + pair.Key.Item2, StringComparer.Ordinal).First().Key;
            merges.Add(best);
            foreach (var (symbols, _) in corpus)
            {
                for (var index = 0; index + 1 < symbols.Count; index++)
                {
                    if (symbols[index] == best.Item1 && symbols[index + 1] == best.Item2)
                    {
                        symbols[index] += best.Item2;
                        symbols.RemoveAt(index + 1);
                    }
                }
            }
        }
        return merges;
    }

    /// <summary>GPT-2's letters for bytes, written down a second time, independently of the code under test.</summary>
    public static string[] ByteLetters()
    {
        var letters = new string[256];
        var next = 256;
        for (var value = 0; value < 256; value++)
        {
            var keeps = value is (> 32 and < 127) or (> 160 and < 173) or (> 173);
            letters[value] = ((char)(keeps ? value : next++)).ToString();
        }
        return letters;
    }

    public static List<string> ToByteLetters(string text)
    {
        var letters = ByteLetters();
        return [.. Encoding.UTF8.GetBytes(text).Select(value => letters[value])];
    }

    public static List<string> ToCharacters(string text) => [.. text.EnumerateRunes().Select(rune => rune.ToString())];

    /// <summary>Frequent stretches of words with the logarithm of their share, as a Unigram vocabulary has them.</summary>
    public static List<(string Piece, double Score)> LearnPieces(string wordStart, int count)
    {
        var shares = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (word, weight) in Words)
        {
            var symbols = ToCharacters(wordStart + word);
            for (var start = 0; start < symbols.Count; start++)
            {
                for (var length = 1; length <= 8 && start + length <= symbols.Count; length++)
                {
                    var piece = string.Concat(symbols.Skip(start).Take(length));
                    shares[piece] = shares.GetValueOrDefault(piece) + weight;
                }
            }
        }
        double total = shares.Values.Sum();
        return [.. shares.OrderByDescending(pair => pair.Value * pair.Key.Length).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(count).Select(pair => (pair.Key, Math.Round(Math.Log(pair.Value / total), 4)))];
    }

    private static Dictionary<string, int> CountWords()
    {
        var generator = new TextGenerator(Seed);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var sentence = 0; sentence < Sentences; sentence++)
        {
            foreach (var word in generator.Sentence().Split(' '))
            {
                counts[word] = counts.GetValueOrDefault(word) + 1;
            }
        }
        return counts;
    }
}
