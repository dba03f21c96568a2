using System.Text.Json.Nodes;
using static SearchEngine.Models.Tests.Tokenizers.Reference.TokenizerJson;

namespace SearchEngine.Models.Tests.Tokenizers.Reference;

/// <summary>Tokenizers converted from SentencePiece, in the styles of well-known models.</summary>
internal static class SentencePieceFiles
{
    private const string Mark = "\u2581";
    private const int MergeCount = 400;
    private const int PieceCount = 1500;

    private static readonly Lazy<List<(string Left, string Right)>> Merges = new(() => LearnedVocabulary.LearnMerges(
        LearnedVocabulary.Words.Select(word => (LearnedVocabulary.ToCharacters(Mark + word.Key), word.Value)), MergeCount));

    private static string[] Bytes => [.. Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>")];

    /// <summary>Replacements of all shapes: longer, shorter, none, of several characters, one key the start of another.</summary>
    private static (string Key, string Replacement)[] CharacterPairs =>
    [
        .. Enumerable.Range(0xFF01, 94).Select(code => (((char)code).ToString(), ((char)(code - 0xFEE0)).ToString())),
        ("\t", " "), ("\n", " "), ("\r", " "), ("\u00A0", " "), ("\u3000", " "), ("\u2028", " "), ("\u200B", ""), ("\uFEFF", ""),
        ("\u0001", ""), ("\u00AD", ""), ("…", "..."), ("½", "1/2"), ("ﬁ", "fi"), ("ﬃ", "ffi"), ("①", "1"), ("℃", "°C"), ("Å", "Å"),
        ("e\u0301", "é"), ("e", "e"), ("o\u0308", "oe"), ("u\u0308\u0301", "x"), ("a\u0300", ""), ("㈱", "(株)"), ("ﷺ", "صلى الله"),
        ("𝐀", "A"), ("😀", ":)"), ("か\u3099", "が"), ("\u0344", "\u0308\u0301"), ("ſ", "s"), ("İ", "i"), ("²", "2"),
    ];

    /// <summary>Whether the character map drops something from the text.</summary>
    public static bool DropsFrom(string text) =>
        CharacterPairs.Any(pair => pair.Replacement.Length == 0 && text.Contains(pair.Key, StringComparison.Ordinal));

    /// <summary>Llama 2 as first converted: the mark comes from normalizers, words are not split.</summary>
    public static string Llama()
    {
        var model = LlamaModel();
        return Create(
            model,
            $$"""
            {"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"{{Mark}}"},{"type":"Replace","pattern":{"String":" "},"content":"{{Mark}}"}]}
            """,
            null,
            """
            {"type":"TemplateProcessing",
             "single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],
             "pair":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}},
                     {"SpecialToken":{"id":"<s>","type_id":1}},{"Sequence":{"id":"B","type_id":1}}],
             "special_tokens":{"<s>":{"id":"<s>","ids":[1],"tokens":["<s>"]}}}
            """,
            LlamaAdded());
    }

    /// <summary>Llama 2 as converted later: a Metaspace that does not split; merges written as strings.</summary>
    public static string LlamaMetaspace()
    {
        var model = LlamaModel();
        model["fuse_unk"] = true;
        model["merges"] = new JsonArray([.. Merges.Value.Select(merge => (JsonNode)$"{merge.Left} {merge.Right}")]);
        return Create(
            model,
            null,
            $$"""{"type":"Metaspace","replacement":"{{Mark}}","prepend_scheme":"first","split":false}""",
            null,
            LlamaAdded());
    }

    /// <summary>Without byte tokens, so that unknown characters become the unknown token, fused or not.</summary>
    public static string BpeWithUnknown(bool fuse)
    {
        var model = LlamaModel(withBytes: false);
        model["byte_fallback"] = false;
        model["fuse_unk"] = fuse;
        return Create(
            model,
            null,
            $$"""{"type":"Metaspace","replacement":"{{Mark}}","prepend_scheme":"always","split":true}""",
            null,
            LlamaAdded());
    }

    public static string XlmRoberta()
    {
        var pieces = Pieces("<s>", "<pad>", "</s>", "<unk>");
        pieces.Add(("<mask>", 0));
        return Create(
            Unigram(pieces, 3),
            Precompiled(),
            $$$"""
            {"type":"Sequence","pretokenizers":[{"type":"WhitespaceSplit"},
              {"type":"Metaspace","replacement":"{{{Mark}}}","prepend_scheme":"always","split":true}]}
            """,
            """
            {"type":"TemplateProcessing",
             "single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"</s>","type_id":0}}],
             "pair":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"</s>","type_id":0}},
                     {"SpecialToken":{"id":"</s>","type_id":0}},{"Sequence":{"id":"B","type_id":0}},{"SpecialToken":{"id":"</s>","type_id":0}}],
             "special_tokens":{"<s>":{"id":"<s>","ids":[0],"tokens":["<s>"]},"</s>":{"id":"</s>","ids":[2],"tokens":["</s>"]}}}
            """,
            Added(0, "<s>", AddedFlags.Special),
            Added(1, "<pad>", AddedFlags.Special),
            Added(2, "</s>", AddedFlags.Special),
            Added(3, "<unk>", AddedFlags.Special),
            Added(pieces.Count - 1, "<mask>", AddedFlags.Special | AddedFlags.StripLeft));
    }

    /// <summary>T5 and ALBERT ways: several normalizers, no white-space split, unknown text as bytes.</summary>
    public static string Albert()
    {
        var pieces = Pieces(["<unk>", .. Bytes]);
        var model = Unigram(pieces, 0);
        model["byte_fallback"] = true;
        return Create(
            model,
            $$$"""
            {"type":"Sequence","normalizers":[
              {"type":"Replace","pattern":{"String":"``"},"content":"\""},{"type":"Strip","strip_left":false,"strip_right":true},
              {"type":"NFKD"},{"type":"StripAccents"},{"type":"Lowercase"},{{{Precompiled()}}},
              {"type":"Replace","pattern":{"Regex":" {2,}"},"content":" "}]}
            """,
            $$"""{"type":"Metaspace","replacement":"{{Mark}}","add_prefix_space":true}""",
            """{"type":"BertProcessing","sep":["a",5],"cls":["b",6]}""");
    }

    private static string Precompiled() =>
        $$"""{"type":"Precompiled","precompiled_charsmap":"{{CharacterMapBuilder.Base64(CharacterPairs)}}"}""";

    private static List<(string Piece, double Score)> Pieces(params string[] first) =>
        [.. first.Select(token => (token, 0d)), .. LearnedVocabulary.LearnPieces(Mark, PieceCount)];

    private static JsonObject LlamaModel(bool withBytes = true)
    {
        var characters = LearnedVocabulary.Words.Keys.SelectMany(LearnedVocabulary.ToCharacters).Append(Mark).Distinct();
        var model = Bpe(
            [
                "<unk>", "<s>", "</s>", .. withBytes ? Bytes : [], .. characters.Order(StringComparer.Ordinal),
                .. Merges.Value.Select(merge => merge.Left + merge.Right),
            ],
            Merges.Value);
        model["unk_token"] = "<unk>";
        model["fuse_unk"] = true;
        model["byte_fallback"] = true;
        return model;
    }

    private static JsonObject[] LlamaAdded() =>
    [
        Added(0, "<unk>", AddedFlags.Special), Added(1, "<s>", AddedFlags.Special), Added(2, "</s>", AddedFlags.Special),
    ];
}
