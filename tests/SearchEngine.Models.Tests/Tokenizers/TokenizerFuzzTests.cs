using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using SearchEngine.Models.Tests.Tokenizers.Reference;
using SearchEngine.Models.Tokenizers;
using Xunit;

namespace SearchEngine.Models.Tests.Tokenizers;

/// <summary>
/// Damaged tokenizer files: each is refused with <see cref="TokenizerException"/> or works, its texts being tokenized or
/// refused. Any other exception fails the test, and so does a hang. SEARCHENGINE_LONG_TESTS=minutes makes the run longer.
/// </summary>
public sealed class TokenizerFuzzTests
{
    private const string LongVariable = "SEARCHENGINE_LONG_TESTS";
    private const int Seed = 5150;
    private const int Rounds = 1_500;
    private const int RoundsPerMinute = 100_000;

    private static readonly TokenizerLimits Small = new() { MaxTextLength = 1 << 16 };

    private static readonly string[] Fragments =
    [
        "null", "{}", "[]", "-1", "1e999", "99999999999", "\"\"", "\"\\ud800\"", "true", "\"(a+)+$\"", "\"[\"", "\"\\\\p{L}{1000}\"",
        "\"BPE\"", "\"Unigram\"", "\"Sequence\"", "\"ByteLevel\"", "\"Metaspace\"", "\"NFKD\"", "\"Regex\"", "\"String\"", "\"Precompiled\"",
        "\"vocab\"", "\"merges\"", "\"type\"", "{\"type\":\"Sequence\",\"normalizers\":[", "]}", ":", ",",
    ];

    [Fact]
    public void A_damaged_file_is_refused_or_works_and_never_anything_else()
    {
        var files = new[] { Shrunk(WordFiles.BertCased()), Shrunk(ByteLevelFiles.Cl100k()), Shrunk(SentencePieceFiles.XlmRoberta()), Shrunk(WordFiles.AddedTokens()) };
        var texts = new TextGenerator(Seed).Texts(5);
        var random = new Random(Seed);
        var rounds = int.TryParse(Environment.GetEnvironmentVariable(LongVariable), CultureInfo.InvariantCulture, out var minutes) ? minutes * RoundsPerMinute : Rounds;
        var (refused, worked) = (0, 0);
        for (var round = 0; round < rounds; round++)
        {
            var damaged = Damage(files[random.Next(files.Length)], random);
            try
            {
                var tokenizer = Tokenizer.Load(new MemoryStream(damaged), Small);
                texts.ForEach(text => TryTokenize(tokenizer, text));
                worked++;
            }
            catch (TokenizerException)
            {
                refused++;
            }
            catch (Exception fault)
            {
                Assert.Fail($"Round {round} of seed {Seed}: {fault}\n{Encoding.UTF8.GetString(damaged)}");
            }
        }
        Assert.True(refused > 0 && worked > 0, $"{refused} refused, {worked} worked: the fuzzer damages too little or too much");
    }

    private static void TryTokenize(Tokenizer tokenizer, string text)
    {
        try
        {
            tokenizer.Encode(text, new EncodeOptions(), new TokenSequence());
        }
        catch (TextRejectedException)
        {
            // A text may be refused: the file may lack an unknown token, or its pattern may explode.
        }
    }

    private static byte[] Damage(byte[] file, Random random)
    {
        var bytes = file.ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var position = random.Next(bytes.Count);
            switch (random.Next(7))
            {
                case 0:
                    bytes[position] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[position] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(position, Math.Min(bytes.Count - position, random.Next(1, 30)));
                    break;
                case 3:
                    bytes.InsertRange(position, Encoding.UTF8.GetBytes(Fragments[random.Next(Fragments.Length)]));
                    break;
                case 4:
                    ReplaceValue(bytes, random);
                    break;
                case 5:
                    bytes.InsertRange(position, bytes.Skip(random.Next(bytes.Count)).Take(random.Next(1, 200)).ToList());
                    break;
                default:
                    ReplaceValue(bytes, random);
                    break;
            }
            if (bytes.Count == 0)
            {
                bytes.Add((byte)'{');
            }
        }
        return [.. bytes];
    }

    /// <summary>Puts a fragment in the place of a value, so that the file stays JSON and the damage reaches the readers.</summary>
    private static void ReplaceValue(List<byte> bytes, Random random)
    {
        var colon = bytes.IndexOf((byte)':', random.Next(bytes.Count));
        if (colon < 0)
        {
            return;
        }
        var end = bytes.FindIndex(colon + 1, value => value is (byte)',' or (byte)'}' or (byte)']');
        if (end > 0)
        {
            bytes.RemoveRange(colon + 1, end - colon - 1);
            bytes.InsertRange(colon + 1, Encoding.UTF8.GetBytes(Fragments[random.Next(Fragments.Length)]));
        }
    }

    /// <summary>The file with a small vocabulary, so that damage often hits the rest.</summary>
    private static byte[] Shrunk(string json)
    {
        var node = JsonNode.Parse(json)!;
        node["added_tokens"] = new JsonArray(TokenizerJson.Added(0, "[UNK]", AddedFlags.Normalized));
        switch (node["model"]!["vocab"])
        {
            case JsonObject:
                node["model"]!["vocab"] = JsonNode.Parse("""{"[UNK]":0,"a":1,"b":2,"ab":3,"##a":4,"Ġ":5,"Ġa":6}""");
                if (node["model"]!["merges"] is not null)
                {
                    node["model"]!["merges"] = JsonNode.Parse("""[["a","b"],"Ġ a"]""");
                }
                break;
            case JsonArray pieces:
                while (pieces.Count > 20)
                {
                    pieces.RemoveAt(pieces.Count - 1);
                }
                pieces[0]![0] = "[UNK]";
                break;
        }
        return Encoding.UTF8.GetBytes(node.ToJsonString());
    }
}
