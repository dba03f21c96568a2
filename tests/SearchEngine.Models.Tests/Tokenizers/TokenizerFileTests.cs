using System.Text;
using System.Text.Json.Nodes;
using SearchEngine.Models.Tests.Tokenizers.Reference;
using SearchEngine.Models.Tokenizers;
using Xunit;

namespace SearchEngine.Models.Tests.Tokenizers;

/// <summary>What a file may not say: each refusal names the place in the file.</summary>
public sealed class TokenizerFileTests
{
    private const string Model = """{"type":"WordPiece","unk_token":"[UNK]","vocab":{"[UNK]":0,"a":1,"##b":2}}""";

    public static TheoryData<string, string, string> Refused => new()
    {
        { "", "$", "not JSON" },
        { "[]", "$", "expected an object" },
        { "{}", "$", "lacks \"model\"" },
        { """{"model":{"type":"Magic","vocab":{}}}""", "model", "supported are WordPiece, BPE, Unigram and WordLevel" },
        { """{"model":{"type":"WordPiece"}}""", "model", "lacks \"vocab\"" },
        { """{"model":{"type":"WordPiece","vocab":{"a":-1}}}""", "model.vocab", "integer from 0" },
        { """{"model":{"type":"WordPiece","vocab":{"a":1.5}}}""", "model.vocab", "integer from 0" },
        { """{"model":{"type":"WordPiece","vocab":{"a":99999999}}}""", "model.vocab", "integer from 0" },
        { """{"model":{"type":"WordPiece","vocab":[]}}""", "model.vocab", "not an object" },
        { """{"model":{"type":"WordPiece","vocab":{"\ud800":1}}}""", "model.vocab", "Unicode" },
        { """{"model":{"type":"WordLevel","unk_token":"\udc00","vocab":{"a":1}}}""", "model.unk_token", "Unicode" },
        { """{"model":{"type":"BPE","vocab":{"a":0,"b":1},"merges":["a b"]}}""", "model.merges[0]", "needs the token \"ab\"" },
        { """{"model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":["a  b"]}}""", "model.merges[0]", "two tokens with a space" },
        { """{"model":{"type":"BPE","vocab":{"a":0},"merges":[["a"]]}}""", "model.merges[0]", "pair" },
        { """{"model":{"type":"BPE","vocab":{"a":0},"merges":[],"dropout":0.1}}""", "model.dropout", "at random" },
        { """{"model":{"type":"Unigram","vocab":[]}}""", "model.vocab", "empty" },
        { """{"model":{"type":"Unigram","vocab":[["a",0.5]],"unk_id":1}}""", "model.unk_id", "0 to 0" },
        { """{"model":{"type":"Unigram","vocab":[["a","b"]]}}""", "model.vocab[0][1]", "number" },
        { Section("normalizer", """{"type":"Reverse"}"""), "normalizer", "supported are BertNormalizer" },
        { Section("normalizer", """{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"?"}]}"""), "normalizer.normalizers[1]", "not supported" },
        { Section("normalizer", """{"type":"Precompiled","precompiled_charsmap":"!"}"""), "normalizer.precompiled_charsmap", "base64" },
        { Section("normalizer", """{"type":"Precompiled","precompiled_charsmap":"/////w=="}"""), "normalizer.precompiled_charsmap", "4294967295 bytes" },
        { Section("normalizer", """{"type":"Replace","pattern":{"String":""},"content":"x"}"""), "normalizer.pattern.String", "empty" },
        { Section("normalizer", """{"type":"Replace","pattern":{"Regex":"("},"content":"x"}"""), "normalizer.pattern.Regex", "without its )" },
        { Section("normalizer", """{"type":"Lowercase","type2":1,"x":{"""), "$", "not JSON" },
        { Section("pre_tokenizer", """{"type":"UnicodeScripts"}"""), "pre_tokenizer", "supported are BertPreTokenizer" },
        { Section("pre_tokenizer", """{"type":"Split","pattern":{"String":"a"},"behavior":"7"}"""), "pre_tokenizer.behavior", "Contiguous" },
        { Section("pre_tokenizer", """{"type":"Split","pattern":{},"behavior":"Removed"}"""), "pre_tokenizer.pattern", "neither" },
        { Section("pre_tokenizer", """{"type":"Metaspace","replacement":"__"}"""), "pre_tokenizer.replacement", "single character" },
        { Section("pre_tokenizer", """{"type":"Metaspace","add_prefix_space":false,"prepend_scheme":"first"}"""), "pre_tokenizer.prepend_scheme", "contradicts" },
        { Section("post_processor", """{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"x","type_id":0}}],"special_tokens":{}}"""), "post_processor.single[0].SpecialToken", "lacks" },
        { Section("post_processor", """{"type":"TemplateProcessing","single":[]}"""), "post_processor.single", "exactly once" },
        { Section("post_processor", """{"type":"BertProcessing","sep":["a"],"cls":["b",1]}"""), "post_processor.sep", "pair" },
        { Section("added_tokens", """[{"id":9,"content":"x"}]"""), "added_tokens[0].id", "its id is 3" },
        { Section("padding", """{"pad_id":-1}"""), "padding.pad_id", "integer" },
        { Section("truncation", """{"max_length":"x"}"""), "truncation.max_length", "integer" },
        { Section("normalizer", Repeat("""{"type":"Sequence","normalizers":[""", 80) + Repeat("]}", 80)), "$", "not JSON" },
        { Section("normalizer", """{"type":"Sequence","normalizers":[""" + string.Join(',', Enumerable.Repeat("""{"type":"NFC"}""", 65)) + "]}"), "normalizer.normalizers", "64" },
    };

    public static TheoryData<string, string> RefusedPatterns => new()
    {
        { "a)", "without its (" },
        { "[a", "ends too early" },
        { "*a", "repeats nothing" },
        { "a{1001}", "repeat count" },
        { "(?:a*)*", "may be empty" },
        { "(?s:.)", "not supported" },
        { "(?<name>a)", "looks behind|not supported" },
        { "(?<=a+)b", "looks behind" },
        { @"\p{Cyrillic}", "Cyrillic" },
        { @"\X", @"escape \X" },
        { @"\1", @"escape \1" },
        { "[[:alpha:]]", "class inside a class" },
        { "[a&&b]", "&&" },
        { "[b-a]", "range" },
        { "(?i:é)", "ignores the case" },
        { "(?i:strasse)", "also a single character" },
        { @"(?i:\p{Lu})", "ignores the case" },
        { @"\x{110000}", "hexadecimal" },
        { @"\uD800", "hexadecimal" },
        { "((a{1000}){1000}){1000}", "instructions" },
        { new string('(', 40) + new string(')', 40), "nests" },
        { new string('a', 5000), "4096" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_faulty_file_is_refused_with_the_place_of_the_fault(string json, string path, string message)
    {
        var fault = Assert.Throws<TokenizerException>(() => TestTokenizers.Load(json));
        Assert.True(fault.JsonPath.Contains(path.TrimStart('$'), StringComparison.Ordinal), $"The path is {fault.JsonPath}");
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(RefusedPatterns))]
    public void A_pattern_that_is_not_understood_exactly_is_refused(string pattern, string message)
    {
        var fault = Assert.Throws<TokenizerException>(() => TestTokenizers.Load(
            Section("pre_tokenizer", WordFiles.Split(pattern, "Isolated"))));
        Assert.True(
            message.Split('|').Any(part => fault.Message.Contains(part, StringComparison.Ordinal)), $"The message is {fault.Message}");
    }

    [Fact]
    public void A_file_beyond_a_limit_is_refused()
    {
        var json = Section("normalizer", "null");
        Assert.Throws<TokenizerException>(() => Load(json, new TokenizerLimits { MaxFileLength = 10 }));
        Assert.Throws<TokenizerException>(() => Load(json, new TokenizerLimits { MaxVocabulary = 2 }));
        Assert.Throws<TokenizerException>(() => Load(json, new TokenizerLimits { MaxTokenLength = 2 }));
    }

    [Fact]
    public void Truncation_and_padding_are_reported_and_not_applied()
    {
        var json = JsonNode.Parse(Section("normalizer", "null"))!;
        json["pre_tokenizer"] = JsonNode.Parse("""{"type":"WhitespaceSplit"}""");
        json["truncation"] = JsonNode.Parse("""{"direction":"Left","max_length":2,"strategy":"OnlyFirst","stride":1}""");
        json["padding"] = JsonNode.Parse(
            """{"strategy":{"Fixed":16},"direction":"Left","pad_to_multiple_of":8,"pad_id":1,"pad_type_id":2,"pad_token":"a"}""");
        var tokenizer = TestTokenizers.Load(json.ToJsonString());
        Assert.Equal(new TruncationSettings(2, "OnlyFirst", "Left", 1), tokenizer.Truncation);
        Assert.Equal(new PaddingSettings(16, "Left", 8, 1, 2, "a"), tokenizer.Padding);
        var tokens = new TokenSequence();
        tokenizer.Encode("a ab a", new EncodeOptions(), tokens);
        Assert.Equal([1, 1, 2, 1], tokens.Ids.ToArray());
    }

    [Fact]
    public void A_model_without_a_type_is_recognised_by_what_it_has()
    {
        foreach (var json in (string[])[
            """{"model":{"vocab":{"a":0,"b":1,"ab":2},"merges":["a b"]}}""",
            """{"model":{"vocab":[["a",-1],["ab",-1]],"unk_id":0}}""",
            """{"model":{"vocab":{"ab":2,"[UNK]":1},"unk_token":"[UNK]"}}""",
            """{"model":{"vocab":{"a":0,"##b":1,"[UNK]":2},"max_input_chars_per_word":9}}"""])
        {
            Assert.InRange(TestTokenizers.Load(json).CountTokens("ab"), 1, 2);
        }
    }

    private static Tokenizer Load(string json, TokenizerLimits limits) =>
        Tokenizer.Load(new MemoryStream(Encoding.UTF8.GetBytes(json)), limits);

    private static string Section(string name, string json) => $$"""{"model":{{Model}},"{{name}}":{{json}}}""";

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
