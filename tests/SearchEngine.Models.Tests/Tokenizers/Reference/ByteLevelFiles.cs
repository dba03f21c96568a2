using System.Text.Json.Nodes;
using static SearchEngine.Models.Tests.Tokenizers.Reference.TokenizerJson;

namespace SearchEngine.Models.Tests.Tokenizers.Reference;

/// <summary>Tokenizers over bytes, in the styles of well-known models.</summary>
internal static class ByteLevelFiles
{
    /// <summary>The splitting regex of cl100k_base and its descendants (Qwen, Llama 3).</summary>
    private const string Cl100kRegex =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>The splitting regex of o200k_base.</summary>
    private const string O200kRegex =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
        + @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
        + @"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string ClipRegex = @"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+";

    private const int MergeCount = 400;

    private static readonly Lazy<List<(string Left, string Right)>> Merges = new(() => LearnedVocabulary.LearnMerges(
        LearnedVocabulary.Words.Select(word => (LearnedVocabulary.ToByteLetters(" " + word.Key), word.Value)), MergeCount));

    public static string Gpt2() => Create(
        Model(),
        preTokenizer: """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}""",
        postProcessor: """{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":false,"use_regex":true}""",
        added: [Added(VocabularySize, "<|endoftext|>", AddedFlags.Special)]);

    public static string Roberta()
    {
        var model = Model("<s>", "<pad>", "</s>", "<unk>", "<mask>");
        model["unk_token"] = "<unk>";
        return Create(
            model,
            preTokenizer: """{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true}""",
            postProcessor: """
                {"type":"RobertaProcessing","sep":["</s>",2],"cls":["<s>",0],"trim_offsets":true,"add_prefix_space":true}
                """,
            added:
            [
                Added(0, "<s>", AddedFlags.Special | AddedFlags.Normalized), Added(1, "<pad>", AddedFlags.Special),
                Added(2, "</s>", AddedFlags.Special), Added(3, "<unk>", AddedFlags.Special),
                Added(4, "<mask>", AddedFlags.Special | AddedFlags.StripLeft),
            ]);
    }

    public static string Cl100k()
    {
        var model = Model();
        model["ignore_merges"] = true;
        return Create(
            model,
            """{"type":"NFC"}""",
            $$$"""
            {"type":"Sequence","pretokenizers":[
              {"type":"Split","pattern":{"Regex":{{{Quote(Cl100kRegex)}}}},"behavior":"Isolated","invert":false},
              {"type":"ByteLevel","add_prefix_space":false,"trim_offsets":false,"use_regex":false}]}
            """,
            """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}""",
            Added(VocabularySize, "<|im_start|>", AddedFlags.Special),
            Added(VocabularySize + 1, "<tool>", AddedFlags.Normalized));
    }

    public static string O200k() => Create(
        Model(),
        null,
        $$$"""
        {"type":"Sequence","pretokenizers":[
          {"type":"Split","pattern":{"Regex":{{{Quote(O200kRegex)}}}},"behavior":"Removed","invert":true},
          {"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}]}
        """,
        """
        {"type":"Sequence","processors":[
          {"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},
          {"type":"TemplateProcessing","single":[{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"Ġ","type_id":3}}],
           "pair":[{"Sequence":{"id":"B","type_id":1}},{"SpecialToken":{"id":"Ġ","type_id":3}},{"Sequence":{"id":"A","type_id":0}}],
           "special_tokens":{"Ġ":{"id":"Ġ","ids":[220,221],"tokens":["Ġ","x"]}}}]}
        """);

    /// <summary>CLIP marks the last symbol of a word and normalizes by a regex.</summary>
    public static string Clip()
    {
        const string Suffix = "</w>";
        var words = LearnedVocabulary.Words.Select(word =>
        {
            var symbols = LearnedVocabulary.ToByteLetters(word.Key.ToLowerInvariant());
            symbols[^1] += Suffix;
            return (symbols, word.Value);
        });
        var merges = LearnedVocabulary.LearnMerges(words, MergeCount);
        var letters = LearnedVocabulary.ByteLetters();
        var model = Bpe(
            [.. letters, .. letters.Select(letter => letter + Suffix), .. merges.Select(merge => merge.Left + merge.Right), "<|endoftext|>"],
            merges);
        model["end_of_word_suffix"] = Suffix;
        model["unk_token"] = "<|endoftext|>";
        return Create(
            model,
            """
            {"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Replace","pattern":{"Regex":"\\s+"},"content":" "},{"type":"Lowercase"}]}
            """,
            $$$"""
            {"type":"Sequence","pretokenizers":[
              {"type":"Split","pattern":{"Regex":{{{Quote(ClipRegex)}}}},"behavior":"Removed","invert":true},
              {"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}]}
            """);
    }

    private static int VocabularySize => 256 + Merges.Value.Select(merge => merge.Left + merge.Right).Distinct().Count();

    private static JsonObject Model(params string[] first) => Bpe(
        [.. first, .. LearnedVocabulary.ByteLetters(), .. Merges.Value.Select(merge => merge.Left + merge.Right)], Merges.Value);
}
