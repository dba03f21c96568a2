using System.Buffers.Text;
using SearchEngine.Models.Tokenizers.Normalizers;
using SearchEngine.Models.Tokenizers.Unicode;

namespace SearchEngine.Models.Tokenizers.Reading;

/// <summary>Reads the section "normalizer".</summary>
internal sealed class NormalizerReader(TokenizerLimits limits, StepBudget steps)
{
    private const string Supported = "BertNormalizer, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Replace, Prepend, "
        + "Precompiled, ByteLevel, Nmt and Sequence";

    /// <summary>Null where the normalizer changes nothing.</summary>
    public Normalizer? Read(JsonCursor value)
    {
        steps.Take(value);
        var type = value.Get("type").Text();
        return type switch
        {
            "Sequence" => ReadSequence(value.Get("normalizers")),
            "BertNormalizer" => ReadBert(value),
            "NFC" => new UnicodeFormNormalizer(UnicodeForm.Nfc),
            "NFD" => new UnicodeFormNormalizer(UnicodeForm.Nfd),
            "NFKC" => new UnicodeFormNormalizer(UnicodeForm.Nfkc),
            "NFKD" => new UnicodeFormNormalizer(UnicodeForm.Nfkd),
            "Lowercase" => new LowercaseNormalizer(),
            "StripAccents" => MappingNormalizer.StripAccents,
            "Nmt" => MappingNormalizer.Nmt,
            "Strip" => new StripNormalizer(value.Flag("strip_left", true), value.Flag("strip_right", true)),
            "Prepend" => new PrependNormalizer(value.Get("prepend").Text(limits.MaxTokenLength)),
            "Replace" => new ReplaceNormalizer(
                PatternReading.Read(value.Get("pattern")), value.Get("content").Text(limits.MaxTokenLength)),
            "ByteLevel" => new ByteLevelNormalizer(),
            "Precompiled" => ReadPrecompiled(value),
            _ => throw value.Unsupported("normalizer", type, Supported),
        };
    }

    private static BertNormalizer ReadBert(JsonCursor value)
    {
        var lowercase = value.Flag("lowercase", true);
        return new BertNormalizer(
            value.Flag("clean_text", true),
            value.Flag("handle_chinese_chars", true),
            value.Flag("strip_accents", lowercase),
            lowercase);
    }

    private static PrecompiledNormalizer? ReadPrecompiled(JsonCursor value)
    {
        // An empty map is how some exporters write "no normalization".
        if (value.Find("precompiled_charsmap") is not { } map || map.Text().Length == 0)
        {
            return null;
        }
        var text = map.Text();
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? new PrecompiledNormalizer(CharacterMap.Read(bytes.AsSpan(0, length), map.Path))
            : throw map.Error("is not base64");
    }

    private SequenceNormalizer ReadSequence(JsonCursor value)
    {
        var parts = new List<Normalizer>();
        foreach (var item in value.Items(limits.MaxSteps))
        {
            switch (Read(item))
            {
                case null:
                    break;
                case SequenceNormalizer inner:
                    parts.AddRange(inner.Steps);
                    break;
                case var step:
                    parts.Add(step);
                    break;
            }
        }
        return new SequenceNormalizer(parts);
    }
}
