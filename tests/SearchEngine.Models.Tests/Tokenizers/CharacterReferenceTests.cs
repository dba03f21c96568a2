using System.Text.Json;
using System.Text.Json.Nodes;
using SearchEngine.Models.Tests.Tokenizers.Reference;
using SearchEngine.Models.Tokenizers;
using SearchEngine.Models.Tokenizers.Reading;
using SearchEngine.Models.Tokenizers.Text;
using Xunit;

namespace SearchEngine.Models.Tests.Tokenizers;

/// <summary>
/// What normalizers and pre-tokenizers do to single characters, for all of Unicode but the insides of blocks whose
/// characters are all alike. Holds the pinned data (normalization.bin, VersionGaps, Scripts) to the reference.
/// </summary>
public sealed class CharacterReferenceTests
{
    private const int MaxTextLength = 1024;
    private const int ShownDifferences = 10;

    [Fact]
    public async Task Every_character_is_normalized_and_split_as_by_the_reference()
    {
        ReferenceTokenizer.Require();
        var lines = await ReferenceTokenizer.ClassifyAsync();
        var codePoints = CodePoints(JsonSerializer.Deserialize<int[][]>(lines[0])!);
        foreach (var line in lines.Skip(1))
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            var probe = JsonNode.Parse(line[..tab])!;
            var entryOf = (string)probe["kind"]! == "normalizer" ? Normalizer(probe["value"]!) : PreTokenizer(probe["value"]!);
            var expected = Expand(line[(tab + 1)..]);
            Assert.Equal(codePoints.Count, expected.Count);
            var differences = codePoints.Zip(expected)
                .Select(pair => (pair.First, pair.Second, Actual: entryOf(pair.First)))
                .Where(entry => entry.Second != entry.Actual)
                .Select(entry => $"{entry.First:X}: expected {entry.Second}, got {entry.Actual}").ToList();
            Assert.True(
                differences.Count == 0,
                $"{probe["name"]}: {differences.Count} characters differ, among them {string.Join("; ", differences.Take(ShownDifferences))}");
        }
    }

    private static Func<int, string> Normalizer(JsonNode value)
    {
        var normalizer = new NormalizerReader(TokenizerLimits.Default, new StepBudget(1)).Read(Cursor(value))!;
        return codePoint =>
        {
            var scratch = EncodeScratch.Rent(MaxTextLength);
            var character = char.ConvertFromUtf32(codePoint);
            scratch.Original.Load(character);
            normalizer.Normalize(scratch.Original, 0, character.Length, scratch.Text, 0, scratch);
            var result = scratch.Text.Chars.ToString();
            EncodeScratch.Return(scratch);
            return result == character
                ? "="
                : string.Join('+', result.EnumerateRunes().Select(rune => rune.Value.ToString("x", null)));
        };
    }

    private static Func<int, string> PreTokenizer(JsonNode value)
    {
        var preTokenizer = new PreTokenizerReader(TokenizerLimits.Default, new StepBudget(1)).Read(Cursor(value));
        return codePoint =>
        {
            var scratch = EncodeScratch.Rent(MaxTextLength);
            var text = $"a{char.ConvertFromUtf32(codePoint)}a";
            scratch.Text.Load(text);
            scratch.Pieces.Add(Piece.Text(0, text.Length));
            preTokenizer.Split(scratch);
            var count = scratch.Pieces.Count;
            EncodeScratch.Return(scratch);
            return $"{count}";
        };
    }

    private static JsonCursor Cursor(JsonNode value) =>
        new(JsonDocument.Parse(value.ToJsonString()).RootElement, "$");

    private static List<int> CodePoints(int[][] skipped)
    {
        var codePoints = new List<int>();
        var gap = 0;
        for (var codePoint = 0; codePoint < 0x110000; codePoint++)
        {
            if (gap < skipped.Length && codePoint == skipped[gap][0])
            {
                codePoint = skipped[gap++][1];
            }
            codePoints.Add(codePoint);
        }
        return codePoints;
    }

    /// <summary>Entries of a line: runs of COUNTxENTRY.</summary>
    private static List<string> Expand(string runs)
    {
        var entries = new List<string>();
        foreach (var run in runs.Split(','))
        {
            var cross = run.IndexOf('x', StringComparison.Ordinal);
            entries.AddRange(Enumerable.Repeat(run[(cross + 1)..], int.Parse(run[..cross], null)));
        }
        return entries;
    }
}
