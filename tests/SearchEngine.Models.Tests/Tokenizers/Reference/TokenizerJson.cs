using System.Text.Json;
using System.Text.Json.Nodes;

namespace SearchEngine.Models.Tests.Tokenizers.Reference;

/// <summary>Puts tokenizer files together.</summary>
internal static class TokenizerJson
{
    /// <param name="model">The section "model".</param>
    /// <param name="normalizer">JSON of the section, or null.</param>
    /// <param name="preTokenizer">JSON of the section, or null.</param>
    /// <param name="postProcessor">JSON of the section, or null.</param>
    /// <param name="added">Added tokens.</param>
    public static string Create(
        JsonObject model, string? normalizer = null, string? preTokenizer = null, string? postProcessor = null,
        params JsonObject[] added) => new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray([.. added]),
            ["normalizer"] = Parse(normalizer),
            ["pre_tokenizer"] = Parse(preTokenizer),
            ["post_processor"] = Parse(postProcessor),
            ["decoder"] = null,
            ["model"] = model,
        }.ToJsonString();

    public static JsonObject Added(int id, string content, AddedFlags flags = AddedFlags.None) => new()
    {
        ["id"] = id,
        ["content"] = content,
        ["single_word"] = flags.HasFlag(AddedFlags.SingleWord),
        ["lstrip"] = flags.HasFlag(AddedFlags.StripLeft),
        ["rstrip"] = flags.HasFlag(AddedFlags.StripRight),
        ["normalized"] = flags.HasFlag(AddedFlags.Normalized),
        ["special"] = flags.HasFlag(AddedFlags.Special),
    };

    public static JsonObject WordPiece(IEnumerable<string> tokens, string unknown = "[UNK]") => new()
    {
        ["type"] = "WordPiece",
        ["unk_token"] = unknown,
        ["continuing_subword_prefix"] = "##",
        ["max_input_chars_per_word"] = 100,
        ["vocab"] = Vocabulary(tokens),
    };

    public static JsonObject WordLevel(IEnumerable<string> tokens) => new()
    {
        ["type"] = "WordLevel",
        ["unk_token"] = "[UNK]",
        ["vocab"] = Vocabulary(tokens),
    };

    public static JsonObject Bpe(IEnumerable<string> tokens, IEnumerable<(string Left, string Right)> merges) => new()
    {
        ["type"] = "BPE",
        ["dropout"] = null,
        ["unk_token"] = null,
        ["continuing_subword_prefix"] = null,
        ["end_of_word_suffix"] = null,
        ["fuse_unk"] = false,
        ["byte_fallback"] = false,
        ["ignore_merges"] = false,
        ["vocab"] = Vocabulary(tokens),
        ["merges"] = new JsonArray([.. merges.Select(merge => (JsonNode)new JsonArray(merge.Left, merge.Right))]),
    };

    public static JsonObject Unigram(IEnumerable<(string Piece, double Score)> pieces, int unknown) => new()
    {
        ["type"] = "Unigram",
        ["unk_id"] = unknown,
        ["byte_fallback"] = false,
        ["vocab"] = new JsonArray([.. pieces.Select(piece => (JsonNode)new JsonArray(piece.Piece, piece.Score))]),
    };

    public static string Quote(string text) => JsonSerializer.Serialize(text);

    private static JsonObject Vocabulary(IEnumerable<string> tokens)
    {
        var vocabulary = new JsonObject();
        foreach (var token in tokens)
        {
            if (!vocabulary.ContainsKey(token))
            {
                vocabulary.Add(token, vocabulary.Count);
            }
        }
        return vocabulary;
    }

    private static JsonNode? Parse(string? json) => json is null ? null : JsonNode.Parse(json);
}
