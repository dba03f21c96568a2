using static SearchEngine.Models.Tests.Tokenizers.Reference.TokenizerJson;

namespace SearchEngine.Models.Tests.Tokenizers.Reference;

/// <summary>Tokenizers over words: variants of BERT's, and combinations of parts that no model has but a file may.</summary>
internal static class WordFiles
{
    private const int PieceCount = 1500;

    private static readonly string[] Specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    /// <summary>Cased, accents kept, Chinese not spaced out; BERT's post-processor.</summary>
    public static string BertCased() => Create(
        WordPiece(Tokens()),
        """{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":false,"strip_accents":null,"lowercase":false}""",
        """{"type":"BertPreTokenizer"}""",
        """{"type":"BertProcessing","sep":["[SEP]",3],"cls":["[CLS]",2]}""",
        [.. Specials.Select((token, id) => Added(id, token, AddedFlags.Special))]);

    /// <summary>BERT's normalizer without cleaning and without a pre-tokenizer's help: ranges of inserted spaces show.</summary>
    public static string BertUnsplit() => Create(
        WordLevel(["[UNK]", " ", "a"]),
        """{"type":"BertNormalizer","clean_text":false,"handle_chinese_chars":true,"strip_accents":true,"lowercase":false}""",
        Split(".", "Isolated"));

    /// <summary>Every kind of added token, in a text that is normalized.</summary>
    public static string AddedTokens()
    {
        var tokens = Tokens().Distinct().ToList();
        var added = new (string Content, AddedFlags Flags)[]
        {
            ("[UNK]", AddedFlags.Special),
            ("[MASK]", AddedFlags.Special | AddedFlags.StripLeft | AddedFlags.StripRight),
            ("BA", AddedFlags.Normalized),
            ("ing", AddedFlags.SingleWord),
            ("ke", AddedFlags.SingleWord | AddedFlags.Normalized),
            ("ﬁ", AddedFlags.Normalized | AddedFlags.StripLeft),
            ("...", AddedFlags.StripRight),
            (" ", AddedFlags.None),
            ("Σς", AddedFlags.Normalized),
            ("東", AddedFlags.StripLeft | AddedFlags.StripRight),
            ("東京", AddedFlags.None),
            ("😀", AddedFlags.SingleWord | AddedFlags.StripRight | AddedFlags.Normalized),
        };
        var model = WordPiece(tokens);
        tokens.AddRange(added.Select(token => token.Content).Where(content => !tokens.Contains(content)).ToList());
        return Create(
            model,
            """{"type":"Sequence","normalizers":[{"type":"NFKC"},{"type":"Lowercase"},{"type":"Strip","strip_left":true,"strip_right":true}]}""",
            """{"type":"Whitespace"}""",
            null,
            [.. added.Select(token => Added(tokens.IndexOf(token.Content), token.Content, token.Flags))]);
    }

    /// <summary>One normalizer before a split into characters, so that ids and ranges of all of them show.</summary>
    public static string Normalizer(string json) => Create(WordLevel(["[UNK]", "a", "b"]), json, Split(".", "Isolated"));

    /// <summary>A pre-tokenizer alone.</summary>
    public static string PreTokenizer(string json) => Create(WordLevel(["[UNK]", .. LearnedVocabulary.Words.Keys]), null, json);

    public static string Split(string regex, string behavior, bool invert = false) =>
        $$$"""{"type":"Split","pattern":{"Regex":{{{Quote(regex)}}}},"behavior":"{{{behavior}}}","invert":{{{(invert ? "true" : "false")}}}}""";

    /// <summary>BPE with a prefix for characters inside a word.</summary>
    public static string BpeWithPrefix()
    {
        var words = LearnedVocabulary.Words.Select(word => (
            LearnedVocabulary.ToCharacters(word.Key).Select((symbol, index) => index == 0 ? symbol : "##" + symbol).ToList(), word.Value)).ToList();
        var symbols = words.SelectMany(word => word.Item1).Distinct().Order(StringComparer.Ordinal).ToList();
        // Learned over plain symbols; written as the model wants them: the right side of a merge carries the prefix.
        var merges = symbols.Where(symbol => !symbol.StartsWith('#')).SelectMany(left => symbols
            .Where(symbol => symbol.StartsWith("##", StringComparison.Ordinal)).Select(right => (left, right))).Take(200).ToList();
        var model = Bpe(["[UNK]", .. symbols, .. merges.Select(merge => merge.left + merge.right[2..])], merges);
        model["unk_token"] = "[UNK]";
        model["continuing_subword_prefix"] = "##";
        return Create(model, null, """{"type":"WhitespaceSplit"}""");
    }

    private static List<string> Tokens()
    {
        var pieces = LearnedVocabulary.LearnPieces(string.Empty, PieceCount).Select(piece => piece.Piece).ToList();
        return [.. Specials, .. pieces, .. pieces.Select(piece => "##" + piece)];
    }
}
