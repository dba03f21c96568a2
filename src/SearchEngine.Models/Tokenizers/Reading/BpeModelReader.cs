using System.Text.Json;
using SearchEngine.Models.Tokenizers.Vocabularies;

namespace SearchEngine.Models.Tokenizers.Reading;

/// <summary>Reads a BPE model: its switches and its merges, written as "a b" or ["a", "b"].</summary>
internal sealed class BpeModelReader(TokenizerLimits limits)
{
    public BpeModel Read(JsonCursor value, Vocabulary vocabulary)
    {
        if (value.Find("dropout") is { } dropout && dropout.Real() != 0)
        {
            throw dropout.Error("is not 0; a tokenizer that drops merges at random gives other ids every time");
        }
        var options = new BpeOptions(
            value.Find("unk_token")?.Text(limits.MaxTokenLength),
            value.Find("continuing_subword_prefix")?.Text(limits.MaxTokenLength),
            value.Find("end_of_word_suffix")?.Text(limits.MaxTokenLength),
            value.Flag("fuse_unk", false),
            value.Flag("byte_fallback", false),
            value.Flag("ignore_merges", false));
        var prefixLength = options.ContinuingPrefix?.Length ?? 0;
        var merges = new List<(int, int, int)>();
        foreach (var merge in value.Get("merges").Items(limits.MaxMerges))
        {
            if (merge.Value.ValueKind == JsonValueKind.String && merge.Text().StartsWith("#version", StringComparison.Ordinal))
            {
                continue;
            }
            var (left, right) = ReadPair(merge);
            if (right.Length < prefixLength)
            {
                throw merge.Error($"has a right side shorter than the prefix \"{options.ContinuingPrefix}\"");
            }
            merges.Add((
                Require(left, merge, vocabulary),
                Require(right, merge, vocabulary),
                Require(string.Concat(left, right.AsSpan(prefixLength)), merge, vocabulary)));
        }
        return new BpeModel(vocabulary, [.. merges], options);
    }

    private static (string Left, string Right) ReadPair(JsonCursor merge)
    {
        if (merge.Value.ValueKind == JsonValueKind.Array)
        {
            return merge.Value.GetArrayLength() == 2
                ? (merge.Item(0).Text(), merge.Item(1).Text())
                : throw merge.Error("is not a pair of tokens");
        }
        var parts = merge.Text().Split(' ');
        return parts.Length == 2 ? (parts[0], parts[1]) : throw merge.Error("is not two tokens with a space between them");
    }

    private static int Require(string token, JsonCursor merge, Vocabulary vocabulary)
    {
        var id = vocabulary.Find(token);
        return id >= 0 ? id : throw merge.Error($"needs the token \"{token}\", which the vocabulary lacks");
    }
}
