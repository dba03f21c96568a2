using SearchEngine.Models.Tokenizers.Patterns;

namespace SearchEngine.Models.Tokenizers.Reading;

/// <summary>Reads {"String": ...} or {"Regex": ...}.</summary>
internal static class PatternReading
{
    public static IPattern Read(JsonCursor value)
    {
        if (value.Find("String") is { } literal)
        {
            var text = literal.Text(PatternLimits.MaxLength);
            return text.Length > 0 ? new LiteralPattern(text) : throw literal.Error("is empty, which would match everywhere");
        }
        if (value.Find("Regex") is { } regex)
        {
            return new RegexPattern(regex.Text(PatternLimits.MaxLength), regex.Path);
        }
        throw value.Error("is no pattern: it has neither \"String\" nor \"Regex\"");
    }
}
