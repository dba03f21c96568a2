using SearchEngine.Models.Tokenizers.Vocabularies;

namespace SearchEngine.Models.Tokenizers.Reading;

/// <summary>Reads the section "model".</summary>
internal sealed class ModelReader(TokenizerLimits limits)
{
    private const string Supported = "WordPiece, BPE, Unigram and WordLevel";
    private const int MaxWordLength = 1 << 20;
    private const int DefaultWordLength = 100;

    public TokenModel Read(JsonCursor value)
    {
        var type = value.Find("type")?.Text() ?? InferType(value);
        return type switch
        {
            "WordPiece" => new WordPieceModel(
                ReadVocabulary(value),
                value.Find("continuing_subword_prefix")?.Text(limits.MaxTokenLength) ?? "##",
                value.Find("unk_token")?.Text(limits.MaxTokenLength) ?? "[UNK]",
                value.Find("max_input_chars_per_word")?.Number(MaxWordLength) ?? DefaultWordLength),
            "WordLevel" => new WordLevelModel(
                ReadVocabulary(value), value.Find("unk_token")?.Text(limits.MaxTokenLength) ?? "<unk>"),
            "BPE" => new BpeModelReader(limits).Read(value, ReadVocabulary(value)),
            "Unigram" => ReadUnigram(value),
            _ => throw value.Unsupported("model", type, Supported),
        };
    }

    /// <summary>Files of early versions do not name the model.</summary>
    private static string InferType(JsonCursor value)
    {
        if (value.Find("merges") is not null)
        {
            return "BPE";
        }
        if (value.Get("vocab").Value.ValueKind == System.Text.Json.JsonValueKind.Array)
        {
            return "Unigram";
        }
        return value.Find("max_input_chars_per_word") is null ? "WordLevel" : "WordPiece";
    }

    private Vocabulary ReadVocabulary(JsonCursor model)
    {
        var value = model.Get("vocab");
        if (value.Value.ValueKind != System.Text.Json.JsonValueKind.Object)
        {
            throw value.Error("is not an object of tokens and ids");
        }
        value.RequireAtMost(value.Value.GetPropertyCount(), limits.MaxVocabulary);
        var ids = new Dictionary<string, int>(value.Value.GetPropertyCount(), StringComparer.Ordinal);
        try
        {
            foreach (var entry in value.Value.EnumerateObject())
            {
                var token = entry.Name;
                var cursor = new JsonCursor(entry.Value, value.Path);
                if (token.Length > limits.MaxTokenLength || Unicode.CodePoints.FirstLoneSurrogate(token) >= 0)
                {
                    throw cursor.Error($"has a token of {token.Length} characters ({limits.MaxTokenLength} are allowed) or one that is not Unicode");
                }
                ids[token] = cursor.Number(limits.MaxVocabulary);
            }
        }
        catch (InvalidOperationException fault)
        {
            throw new TokenizerException(value.Path, "A token is not Unicode.", fault);
        }
        return new Vocabulary(ids);
    }

    private UnigramModel ReadUnigram(JsonCursor value)
    {
        var entries = value.Get("vocab");
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var scores = new List<double>();
        foreach (var entry in entries.Items(limits.MaxVocabulary))
        {
            if (entry.Value.ValueKind != System.Text.Json.JsonValueKind.Array || entry.Value.GetArrayLength() != 2)
            {
                throw entry.Error("is not a pair of token and score");
            }
            ids[entry.Item(0).Text(limits.MaxTokenLength)] = scores.Count;
            scores.Add(entry.Item(1).Real());
        }
        if (scores.Count == 0)
        {
            throw entries.Error("is empty");
        }
        var unknown = value.Find("unk_id")?.Number(scores.Count) ?? -1;
        var vocabulary = new Vocabulary(ids);
        return new UnigramModel(
            vocabulary, [.. scores], unknown, value.Flag("byte_fallback", false) ? ByteTokens.Find(vocabulary) : null);
    }
}
