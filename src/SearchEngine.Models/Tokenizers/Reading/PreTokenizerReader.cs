using SearchEngine.Models.Tokenizers.Patterns;
using SearchEngine.Models.Tokenizers.PreTokenizers;
using SearchEngine.Models.Tokenizers.Unicode;

namespace SearchEngine.Models.Tokenizers.Reading;

/// <summary>Reads the section "pre_tokenizer".</summary>
internal sealed class PreTokenizerReader(TokenizerLimits limits, StepBudget steps)
{
    private const string Supported = "BertPreTokenizer, Whitespace, WhitespaceSplit, ByteLevel, Metaspace, Punctuation, Split, "
        + "Digits, CharDelimiterSplit and Sequence";

    public PreTokenizer Read(JsonCursor value)
    {
        steps.Take(value);
        var type = value.Get("type").Text();
        return type switch
        {
            "Sequence" => new SequencePreTokenizer(
                [.. value.Get("pretokenizers").Items(limits.MaxSteps).Select(Read)]),
            "BertPreTokenizer" => new BertPreTokenizer(),
            "Whitespace" => new WhitespacePreTokenizer(),
            "WhitespaceSplit" => Split("white space", CharacterClasses.IsWhiteSpace, SplitBehavior.Removed),
            "Punctuation" => Split("punctuation", CharacterClasses.IsPunctuation, ReadBehavior(value, SplitBehavior.Isolated)),
            "Digits" => Split(
                "digits",
                CharacterClasses.IsNumeric,
                value.Flag("individual_digits", false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous),
            "CharDelimiterSplit" => ReadDelimiter(value),
            "ByteLevel" => new ByteLevelPreTokenizer(value.Flag("add_prefix_space", true), value.Flag("use_regex", true)),
            "Metaspace" => ReadMetaspace(value),
            "Split" => new PatternPreTokenizer(
                PatternReading.Read(value.Get("pattern")),
                ReadBehavior(value, null),
                value.Flag("invert", false) ? MatchSense.Gaps : MatchSense.Matches),
            _ => throw value.Unsupported("pre-tokenizer", type, Supported),
        };
    }

    private static PatternPreTokenizer Split(string name, Func<int, bool> contains, SplitBehavior behavior) =>
        new(new CharacterPattern(name, contains), behavior, MatchSense.Matches);

    private static PatternPreTokenizer ReadDelimiter(JsonCursor value) => new(
        new LiteralPattern(ReadCharacter(value.Get("delimiter"))), SplitBehavior.Removed, MatchSense.Matches);

    private static SplitBehavior ReadBehavior(JsonCursor value, SplitBehavior? otherwise)
    {
        if (value.Find("behavior") is not { } behavior)
        {
            return otherwise ?? throw value.Error("lacks \"behavior\"");
        }
        // Names are those of the enum; Enum.TryParse would take numbers and lists as well.
        var text = behavior.Text();
        return Enum.GetNames<SplitBehavior>().Contains(text)
            ? Enum.Parse<SplitBehavior>(text)
            : throw behavior.Unsupported("behavior", text, string.Join(", ", Enum.GetNames<SplitBehavior>()));
    }

    private static MetaspacePreTokenizer ReadMetaspace(JsonCursor value)
    {
        var addsPrefix = value.Flag("add_prefix_space", true);
        var scheme = PrependScheme.Always;
        if (value.Find("prepend_scheme") is { } declared)
        {
            scheme = declared.Text() switch
            {
                "always" => PrependScheme.Always,
                "first" => PrependScheme.First,
                "never" => PrependScheme.Never,
                var other => throw declared.Unsupported("prepend scheme", other, "always, first and never"),
            };
            if (!addsPrefix && scheme != PrependScheme.Never)
            {
                throw declared.Error("contradicts \"add_prefix_space\": false");
            }
        }
        else if (!addsPrefix)
        {
            scheme = PrependScheme.Never;
        }
        var mark = value.Find("replacement") is { } replacement ? ReadCharacter(replacement) : "\u2581";
        return new MetaspacePreTokenizer(mark, scheme, value.Flag("split", true));
    }

    private static string ReadCharacter(JsonCursor value)
    {
        var text = value.Text();
        return text.Length > 0 && CodePoints.Count(text) == 1 ? text : throw value.Error("is not a single character");
    }
}
