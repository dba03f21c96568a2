using System.Text;
using System.Text.Json.Nodes;
using SearchEngine.Models.Tests.Tokenizers.Reference;
using SearchEngine.Models.Tokenizers;
using Xunit;

namespace SearchEngine.Models.Tests.Tokenizers;

public sealed class TokenizerTests
{
    private const int Seed = 99;
    private const int Texts = 500;

    private static readonly Func<string>[] Files =
        [WordFiles.BertCased, ByteLevelFiles.Roberta, ByteLevelFiles.Cl100k, SentencePieceFiles.XlmRoberta, SentencePieceFiles.Llama];

    [Fact]
    public void UTF_8_and_UTF_16_give_the_same_tokens_with_ranges_within_the_text_at_character_borders()
    {
        foreach (var tokenizer in Files.Select(file => TestTokenizers.Load(file())))
        {
            var (fromChars, fromBytes) = (new TokenSequence(), new TokenSequence());
            foreach (var text in new TextGenerator(Seed).Texts(Texts))
            {
                var bytes = Encoding.UTF8.GetBytes(text);
                tokenizer.Tokenize(text, fromChars);
                tokenizer.Tokenize(bytes, fromBytes);
                Assert.Equal(fromChars.Ids.ToArray(), fromBytes.Ids.ToArray());
                Assert.Equal(fromChars.Starts.ToArray(), fromBytes.Starts.ToArray());
                Assert.Equal(bytes.Length, fromBytes.TextLength);
                for (var token = 0; token < fromBytes.Count; token++)
                {
                    var (start, end) = (fromBytes.Starts[token], fromBytes.Ends[token]);
                    Assert.InRange(start, 0, end);
                    Assert.InRange(end, start, bytes.Length);
                    Assert.True(IsBorder(bytes, start) && IsBorder(bytes, end), $"Token {token} of a text (seed {Seed}) cuts a character");
                }
            }
        }
    }

    [Fact]
    public void A_surrogate_without_its_partner_is_refused_with_its_place()
    {
        var tokenizer = TestTokenizers.Load(WordFiles.BertCased());
        foreach (var (position, text) in ((int, string)[])[(0, "\uD800"), (3, "abc\uDC00d"), (2, "ab\uD83D"), (1, "x\uD83D\uD83D\uDE00")])
        {
            var fault = Assert.Throws<TextEncodingException>(() => tokenizer.Tokenize(text, new TokenSequence()));
            Assert.Equal(position, fault.Position);
        }
    }

    [Theory]
    [InlineData(0, new byte[] { 0xFF })]
    [InlineData(2, new byte[] { 0x61, 0x62, 0xE2, 0x82 })]
    [InlineData(1, new byte[] { 0x61, 0xC0, 0x80 })]
    [InlineData(1, new byte[] { 0x61, 0xED, 0xA0, 0x80 })]
    public void Bytes_that_are_not_UTF_8_are_refused_with_their_place(int position, byte[] text)
    {
        var tokenizer = TestTokenizers.Load(WordFiles.BertCased());
        var fault = Assert.Throws<TextEncodingException>(() => tokenizer.Tokenize(text, new TokenSequence()));
        Assert.Equal(position, fault.Position);
    }

    [Fact]
    public void One_tokenizer_serves_many_threads_with_equal_results()
    {
        foreach (var tokenizer in Files.Select(file => TestTokenizers.Load(file())))
        {
            var texts = new TextGenerator(Seed).Texts(Texts);
            var expected = texts.Select(text => Encode(tokenizer, text)).ToList();
            Parallel.For(0, 8 * Texts, index => Assert.Equal(expected[index % Texts], Encode(tokenizer, texts[index % Texts])));
        }
    }

    [Fact]
    public void Encoding_allocates_nothing_once_its_buffers_have_grown()
    {
        var texts = Enumerable.Range(0, 50).Select(_ => new TextGenerator(Seed).Sentence()).ToList();
        foreach (var file in Files)
        {
            var tokenizer = TestTokenizers.Load(file());
            var tokens = new TokenSequence();
            for (var round = 0; round < 2; round++)
            {
                texts.ForEach(text => tokenizer.Encode(text, new EncodeOptions(), tokens));
            }
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var text in texts)
            {
                tokenizer.Encode(text, new EncodeOptions(), tokens);
            }
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated == 0, $"{file.Method.Name}: {allocated} bytes for {texts.Count} texts");
        }
    }

    [Fact]
    public void A_tokenizer_works_on_after_a_text_was_refused()
    {
        var tokenizer = TestTokenizers.Load(WordFiles.PreTokenizer(WordFiles.Split("(?:a|aa)+$", "Isolated")));
        var tokens = new TokenSequence();
        Assert.Throws<TextRejectedException>(() => tokenizer.Tokenize(new string('a', 200) + "b", tokens));
        Assert.Throws<TextEncodingException>(() => tokenizer.Tokenize("\uD800", tokens));
        tokenizer.Tokenize("b", tokens);
        Assert.Equal(1, tokens.Count);
    }

    [Theory]
    [InlineData("(a+)+b", "a")]
    [InlineData("(?:a|a)+b", "a")]
    [InlineData("(?:a|aa)+b", "a")]
    [InlineData("a+a+a+a+a+b", "a")]
    [InlineData(@"(?:\s|\s\s)+x", " ")]
    [InlineData("(?=(?:a|a)+b)a", "a")]
    [InlineData("(?>(?:a|a)+b)", "a")]
    public void A_pattern_that_explodes_is_stopped(string pattern, string unit)
    {
        var tokenizer = TestTokenizers.Load(WordFiles.PreTokenizer(WordFiles.Split(pattern, "Removed")));
        Assert.Throws<TextRejectedException>(() => tokenizer.CountTokens(string.Concat(Enumerable.Repeat(unit, 5000))));
    }

    [Fact]
    public void A_replacement_that_explodes_is_stopped()
    {
        var steps = string.Join(',', Enumerable.Repeat("""{"type":"Replace","pattern":{"String":"a"},"content":"aaaaaaaaaaaaaaaa"}""", 20));
        var tokenizer = TestTokenizers.Load(WordFiles.Normalizer($$"""{"type":"Sequence","normalizers":[{{steps}}]}"""));
        Assert.Throws<TextRejectedException>(() => tokenizer.CountTokens("a"));
    }

    [Fact]
    public void Long_texts_without_borders_are_tokenized_in_little_time()
    {
        // Quadratic steps anywhere would take hours here; the test's patience is what notices.
        foreach (var text in (string[])[new string('a', 400_000), new string(' ', 400_000), new string('\u0301', 200_000) + new string('\u0323', 200_000),
            string.Concat(Enumerable.Repeat("か\u3099", 100_000)), string.Concat(Enumerable.Repeat("\n\u0301", 100_000))])
        {
            foreach (var tokenizer in Files.Select(file => TestTokenizers.Load(file())))
            {
                Assert.True(tokenizer.CountTokens(text) >= 0);
            }
        }
    }

    [Fact]
    public void Tokens_are_found_by_id_and_ids_by_token()
    {
        var tokenizer = TestTokenizers.Load(WordFiles.AddedTokens());
        foreach (var token in tokenizer.AddedTokens)
        {
            Assert.Equal(token.Id, tokenizer.IdOf(token.Content));
            Assert.Equal(token.Content, tokenizer.TokenOf(token.Id));
        }
        Assert.Null(tokenizer.IdOf("no such token"));
        Assert.Null(tokenizer.TokenOf(tokenizer.IdBound));
        Assert.NotNull(tokenizer.TokenOf(tokenizer.IdBound - 1));
    }

    [Fact]
    public void The_fingerprint_depends_on_what_decides_about_ids_and_on_nothing_else()
    {
        var json = ByteLevelFiles.Cl100k();
        var fingerprint = TestTokenizers.Load(json).Fingerprint;
        var same = JsonNode.Parse(json)!.AsObject();
        same["truncation"] = JsonNode.Parse("""{"max_length":5,"strategy":"LongestFirst","stride":0,"direction":"Right"}""");
        same["decoder"] = JsonNode.Parse("""{"type":"ByteLevel"}""");
        var reordered = new JsonObject(same.Reverse().Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
        Assert.Equal(fingerprint, TestTokenizers.Load(reordered.ToJsonString(new() { WriteIndented = true })).Fingerprint);

        Action<JsonNode>[] changes =
        [
            node => node["normalizer"] = null,
            node => node["normalizer"]!["type"] = "NFKC",
            node => node["pre_tokenizer"]!["pretokenizers"]![0]!["behavior"] = "Removed",
            node => node["pre_tokenizer"]!["pretokenizers"]![0]!["invert"] = true,
            node => node["pre_tokenizer"]!["pretokenizers"]![0]!["pattern"]!["Regex"] = "a",
            node => node["pre_tokenizer"]!["pretokenizers"]![1]!["add_prefix_space"] = true,
            node => node["model"]!["ignore_merges"] = false,
            node => node["model"]!["byte_fallback"] = true,
            node => node["model"]!["unk_token"] = "a",
            node => node["model"]!["merges"]!.AsArray().RemoveAt(3),
            node => (node["model"]!["vocab"]!["a"], node["model"]!["vocab"]!["b"]) = ((int)node["model"]!["vocab"]!["b"]!, (int)node["model"]!["vocab"]!["a"]!),
            node => node["post_processor"] = null,
            node => node["added_tokens"]!.AsArray().RemoveAt(1),
            node => node["added_tokens"]![0]!["lstrip"] = true,
        ];
        var fingerprints = changes.Select(change =>
        {
            var changed = JsonNode.Parse(json)!;
            change(changed);
            return TestTokenizers.Load(changed.ToJsonString()).Fingerprint;
        }).Append(fingerprint).ToList();
        Assert.Equal(fingerprints.Count, fingerprints.Distinct().Count());
    }

    [Fact]
    public async Task A_written_WordPiece_file_is_read_alike_by_us_and_by_the_reference()
    {
        ReferenceTokenizer.Require();
        var stream = new MemoryStream();
        new WordPieceFile
        {
            Tokens =
            [
                WordPieceFile.Padding, "e", WordPieceFile.Unknown, "the", "\"", "##é", WordPieceFile.Start, "東", "##ing", "ba", "##ke",
                WordPieceFile.End, "##ba", WordPieceFile.Mask, "li", "mo", "##er", "'", "s", "##s",
            ],
        }.Write(stream);
        var json = Encoding.UTF8.GetString(stream.ToArray());
        await Comparison.RequireEqualAsync("written WordPiece", json, new TextGenerator(Seed).Texts(Texts), Seed);
    }

    private static int[] Encode(Tokenizer tokenizer, string text)
    {
        var tokens = new TokenSequence();
        tokenizer.Encode(text, new EncodeOptions(), tokens);
        return [.. tokens.Ids, .. tokens.Starts, .. tokens.Ends];
    }

    private static bool IsBorder(byte[] text, int position) => position == text.Length || (text[position] & 0xC0) != 0x80;
}
