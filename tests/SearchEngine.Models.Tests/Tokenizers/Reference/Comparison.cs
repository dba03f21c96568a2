using System.Text;
using SearchEngine.Models.Tokenizers;
using Xunit;

namespace SearchEngine.Models.Tests.Tokenizers.Reference;

/// <summary>Compares encodings with the reference's, token by token.</summary>
internal static class Comparison
{
    private const int ShownDifferences = 5;

    /// <summary>Fails at the first differences in ids, offsets, type ids or special-token mask.</summary>
    /// <param name="name">What is compared, for the message.</param>
    /// <param name="json">The tokenizer.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="seed">Of the texts, for the message.</param>
    /// <param name="hasTrueRanges">Whether the reference's ranges can be relied on for a text; by default always.</param>
    public static async Task RequireEqualAsync(
        string name, string json, IReadOnlyList<string> texts, int seed, Func<string, bool>? hasTrueRanges = null)
    {
        var expected = await ReferenceTokenizer.EncodeAsync(json, texts);
        var tokenizer = TestTokenizers.Load(json);
        var actual = new TokenSequence();
        var differences = new List<string>();
        for (var index = 0; index < texts.Count && differences.Count < ShownDifferences; index++)
        {
            if (expected[index] is not { } reference)
            {
                Assert.Throws<TextRejectedException>(() => tokenizer.Encode(texts[index], new EncodeOptions(), actual));
                continue;
            }
            tokenizer.Encode(texts[index], new EncodeOptions(), actual);
            var difference = DifferentIds(texts[index], reference, actual, tokenizer);
            if (difference is null && hasTrueRanges?.Invoke(texts[index]) != false)
            {
                difference = DifferentRanges(texts[index], reference, actual, tokenizer);
            }
            if (difference is not null)
            {
                differences.Add($"text {index}: {difference}");
            }
        }
        Assert.True(
            differences.Count == 0,
            $"{name} parts from the reference (seed {seed}, {texts.Count} texts):\n{string.Join('\n', differences)}");
    }

    public static string? DifferentIds(string text, ReferenceEncoding expected, TokenSequence actual, Tokenizer tokenizer) =>
        actual.Ids.SequenceEqual(expected.Ids)
            ? null
            : $"ids of {Show(text)}\n  expected {ShowTokens(expected.Ids, tokenizer)}\n  got      {ShowTokens(actual.Ids.ToArray(), tokenizer)}";

    /// <summary>Ranges, type ids and mask; the ids are known to be equal.</summary>
    public static string? DifferentRanges(string text, ReferenceEncoding expected, TokenSequence actual, Tokenizer tokenizer)
    {
        var characters = CharacterIndexes(text);
        for (var token = 0; token < actual.Count; token++)
        {
            var (start, end) = (characters[actual.Starts[token]], characters[actual.Ends[token]]);
            if (start != expected.Starts[token] || end != expected.Ends[token])
            {
                return $"range of token {token} ({tokenizer.TokenOf(actual.Ids[token])}) of {Show(text)}: "
                    + $"expected {expected.Starts[token]}..{expected.Ends[token]}, got {start}..{end} (characters)";
            }
            if (actual.TypeIds[token] != expected.TypeIds[token] || actual.SpecialMask[token] != expected.SpecialMask[token])
            {
                return $"type or mask of token {token} of {Show(text)}";
            }
        }
        return null;
    }

    /// <summary>Characters before each byte of the text; -1 inside one.</summary>
    private static int[] CharacterIndexes(string text)
    {
        var indexes = new int[Encoding.UTF8.GetByteCount(text) + 1];
        Array.Fill(indexes, -1);
        var (offset, character) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            indexes[offset] = character++;
            offset += rune.Utf8SequenceLength;
        }
        indexes[offset] = character;
        return indexes;
    }

    private static string ShowTokens(int[] ids, Tokenizer tokenizer) =>
        string.Join(' ', ids.Select(id => $"{id}:{Show(tokenizer.TokenOf(id) ?? "?")}"));

    private static string Show(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune => rune.Value is > ' ' and < 0x7F ? rune.ToString() : $"\\u{{{rune.Value:X}}}"));
}
