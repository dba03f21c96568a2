using System.Text;
using SearchEngine.Models.Chunking;
using SearchEngine.Models.Tests.Tokenizers.Reference;
using SearchEngine.Models.Tokenizers;
using Xunit;

namespace SearchEngine.Models.Tests.Chunking;

public sealed class ChunkerTests
{
    private const int Seed = 512;
    private const int Texts = 400;

    private static readonly Func<string>[] Files =
        [WordFiles.BertCased, ByteLevelFiles.Roberta, ByteLevelFiles.Cl100k, SentencePieceFiles.XlmRoberta, SentencePieceFiles.Llama];

    [Theory]
    [InlineData(16, 0)]
    [InlineData(16, 5)]
    [InlineData(64, 20)]
    [InlineData(512, 64)]
    public void Chunks_cover_the_text_within_their_limit_at_character_borders(int maxTokens, int overlap)
    {
        var generator = new TextGenerator(Seed);
        foreach (var file in Files)
        {
            var tokenizer = TestTokenizers.Load(file());
            var chunker = new Chunker(tokenizer, new ChunkOptions { MaxTokens = maxTokens, OverlapTokens = overlap });
            for (var index = 0; index < Texts; index++)
            {
                var text = string.Concat(Enumerable.Range(0, index % 12).Select(_ => generator.Text() + "\n"));
                RequireSound(tokenizer, text, chunker.Split(text), maxTokens, overlap, $"text {index} of seed {Seed} by {file.Method.Name}");
            }
        }
    }

    [Fact]
    public void An_overlap_has_at_least_half_the_tokens_asked_for_where_words_allow()
    {
        const int Overlap = 30;
        var tokenizer = TestTokenizers.Load(WordFiles.BertCased());
        var generator = new TextGenerator(Seed);
        var text = string.Join(' ', Enumerable.Range(0, 300).Select(_ => generator.Sentence()));
        var chunks = new Chunker(tokenizer, new ChunkOptions { MaxTokens = 100, OverlapTokens = Overlap }).Split(text);
        Assert.True(chunks.Count > 10);
        foreach (var (before, after) in chunks.Zip(chunks.Skip(1)))
        {
            Assert.InRange(tokenizer.CountTokens(Slice(text, new(after.Span.Start, before.Span.End))), Overlap / 2, Overlap);
        }
    }

    [Theory]
    [InlineData("One two three. Four five six. Seven eight nine.", 15, "One two three. |Four five six. |Seven eight nine.")]
    [InlineData("one two\nthree four\n\nfive six seven", 16, "one two\nthree four\n\n|five six seven")]
    [InlineData("一二三。四五六。七八九。", 10, "一二三。四五六。|七八九。")]
    [InlineData("Er sah J. Smith z.B. gestern. Dann ging er.", 34, "Er sah J. Smith z.B. gestern. |Dann ging er.")]
    [InlineData("He said \"no.\" Then he left the room.", 20, "He said \"no.\" |Then he left the room.")]
    [InlineData("aaaaaaaaaa bbbbbbbbbb cccccccccc", 24, "aaaaaaaaaa bbbbbbbbbb |cccccccccc")]
    public void Text_is_cut_at_the_best_border_of_the_second_half(string text, int maxTokens, string expected)
    {
        // Every character but white space is a token: the counts can be followed by eye.
        var tokenizer = TestTokenizers.Load(TokenizerJson.Create(
            TokenizerJson.WordLevel(["[UNK]"]),
            preTokenizer: """
                {"type":"Sequence","pretokenizers":[{"type":"WhitespaceSplit"},
                  {"type":"Split","pattern":{"Regex":"."},"behavior":"Isolated","invert":false}]}
                """));
        var chunks = new Chunker(tokenizer, new ChunkOptions { MaxTokens = maxTokens, OverlapTokens = 0 }).Split(text);
        Assert.Equal(expected, string.Join('|', chunks.Select(chunk => Slice(text, chunk.Span))));
    }

    [Fact]
    public void A_text_that_fits_is_one_chunk_and_an_empty_one_is_none()
    {
        var tokenizer = TestTokenizers.Load(WordFiles.BertCased());
        var chunker = new Chunker(tokenizer);
        Assert.Empty(chunker.Split(string.Empty));
        Assert.Equal([new Chunk(new ByteSpan(0, 3), 2)], chunker.Split(" \n "));
        Assert.Equal([new Chunk(new ByteSpan(0, 4), 3)], chunker.Split(" a \n"));
    }

    [Fact]
    public void A_character_that_does_not_fit_is_refused()
    {
        var chunker = new Chunker(TestTokenizers.Load(ByteLevelFiles.Gpt2()), new ChunkOptions { MaxTokens = 2, OverlapTokens = 0 });
        Assert.Throws<TextRejectedException>(() => chunker.Split("a 😀 b"));
    }

    [Theory]
    [InlineData(2, 0, 0)]
    [InlineData(10, 4, 0)]
    [InlineData(10, 0, 8)]
    [InlineData(10, -1, 0)]
    public void Options_that_leave_no_room_are_refused(int maxTokens, int overlap, int reserved)
    {
        var tokenizer = TestTokenizers.Load(WordFiles.BertCased());
        var options = new ChunkOptions { MaxTokens = maxTokens, OverlapTokens = overlap, ReservedTokens = reserved };
        Assert.Throws<ArgumentException>(() => new Chunker(tokenizer, options));
    }

    [Fact]
    public void Long_texts_without_borders_are_cut_in_little_time()
    {
        var chunker = new Chunker(TestTokenizers.Load(ByteLevelFiles.Gpt2()));
        foreach (var unit in (string[])["x", " ", "\n", "\u0301", "。", "."])
        {
            var text = string.Concat(Enumerable.Repeat(unit, 200_000));
            Assert.Equal(Encoding.UTF8.GetByteCount(text), chunker.Split(text)[^1].Span.End);
        }
    }

    private static void RequireSound(
        Tokenizer tokenizer, string text, IReadOnlyList<Chunk> chunks, int maxTokens, int overlap, string source)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var whole = new TokenSequence();
        tokenizer.Tokenize(text, whole);
        var encoded = new TokenSequence();
        var covered = 0;
        for (var index = 0; index < chunks.Count; index++)
        {
            var (span, tokens) = chunks[index];
            Assert.True(index == 0 ? span.Start == 0 : span.Start > chunks[index - 1].Span.Start, $"Chunk {index} of {source} does not advance");
            Assert.True(span.Start <= covered && span.End > covered, $"Chunk {index} of {source} leaves a gap or adds nothing");
            Assert.True(IsBorder(bytes, span.Start) && IsBorder(bytes, span.End), $"Chunk {index} of {source} cuts a character");
            tokenizer.Encode(bytes.AsSpan(span.Start, span.Length), new EncodeOptions(), encoded);
            Assert.True(encoded.Count == tokens && tokens <= maxTokens, $"Chunk {index} of {source} has {encoded.Count} tokens, states {tokens}");
            var shared = Enumerable.Range(0, whole.Count).Count(token =>
                whole.Starts[token] >= span.Start && whole.Ends[token] <= covered && whole.Starts[token] < whole.Ends[token]);
            Assert.True(shared <= overlap || index == 0, $"Chunk {index} of {source} shares {shared} tokens with the one before");
            covered = span.End;
        }
        Assert.True(covered == bytes.Length, $"The chunks of {source} end at {covered} of {bytes.Length}");
    }

    private static string Slice(string text, ByteSpan span) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text).AsSpan(span.Start, span.Length));

    private static bool IsBorder(byte[] text, int position) => position == text.Length || (text[position] & 0xC0) != 0x80;
}
