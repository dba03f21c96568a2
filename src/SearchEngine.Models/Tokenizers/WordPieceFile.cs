using System.Text.Json;

namespace SearchEngine.Models.Tokenizers;

/// <summary>Writes the tokenizer.json of a WordPiece vocabulary in BERT's style, as a trainer needs it.</summary>
public sealed record WordPieceFile
{
    public const string Padding = "[PAD]";
    public const string Unknown = "[UNK]";
    public const string Start = "[CLS]";
    public const string End = "[SEP]";
    public const string Mask = "[MASK]";

    /// <summary>Put before tokens that continue a word.</summary>
    public const string ContinuingPrefix = "##";

    private const int MaxWordLength = 100;

    private static readonly string[] SpecialTokens = [Padding, Unknown, Start, End, Mask];

    /// <summary>Tokens in the order of their ids; the five special ones stand anywhere among them.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>Further tokens of the list that templates use as marks: recognised whole, never split out of a word's letters.</summary>
    public IReadOnlyList<string> Marks { get; init; } = [];

    /// <summary>Whether text is lowercased and stripped of its accents.</summary>
    public bool IsUncased { get; init; } = true;

    /// <exception cref="InvalidOperationException">A token comes twice, or a special one is missing.</exception>
    public void Write(Stream stream)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var token in Tokens)
        {
            if (!ids.TryAdd(token, ids.Count))
            {
                throw new InvalidOperationException($"The token \"{token}\" comes twice.");
            }
        }
        string[] added = [.. SpecialTokens, .. Marks];
        foreach (var special in added)
        {
            if (!ids.ContainsKey(special))
            {
                throw new InvalidOperationException($"The vocabulary lacks the special token {special}.");
            }
        }
        JsonSerializer.Serialize(stream, new
        {
            version = "1.0",
            truncation = (object?)null,
            padding = (object?)null,
            added_tokens = added.OrderBy(token => ids[token]).Select(token => Added(token, ids[token])),
            normalizer = new
            {
                type = "BertNormalizer",
                clean_text = true,
                handle_chinese_chars = true,
                strip_accents = (bool?)null,
                lowercase = IsUncased,
            },
            pre_tokenizer = new { type = "BertPreTokenizer" },
            post_processor = new
            {
                type = "BertProcessing",
                sep = new object[] { End, ids[End] },
                cls = new object[] { Start, ids[Start] },
            },
            decoder = new { type = "WordPiece", prefix = ContinuingPrefix, cleanup = true },
            model = new
            {
                type = "WordPiece",
                unk_token = Unknown,
                continuing_subword_prefix = ContinuingPrefix,
                max_input_chars_per_word = MaxWordLength,
                vocab = ids,
            },
        });
    }

    private static object Added(string token, int id) => new
    {
        id,
        content = token,
        single_word = false,
        lstrip = false,
        rstrip = false,
        normalized = false,
        special = true,
    };
}
