namespace SearchEngine.Models.Tokenizers.Reading;

/// <summary>Reads the sections "truncation" and "padding", which are only reported.</summary>
internal static class SettingsReader
{
    public static TruncationSettings? ReadTruncation(JsonCursor? value) => value is null
        ? null
        : new TruncationSettings(
            value.Get("max_length").Number(int.MaxValue),
            value.Find("strategy")?.Text() ?? "LongestFirst",
            value.Find("direction")?.Text() ?? "Right",
            value.Find("stride")?.Number(int.MaxValue) ?? 0);

    public static PaddingSettings? ReadPadding(JsonCursor? value, TokenizerLimits limits)
    {
        if (value is null)
        {
            return null;
        }
        var strategy = value.Find("strategy");
        var fixedLength = strategy?.Value.ValueKind == System.Text.Json.JsonValueKind.Object
            ? strategy.Get("Fixed").Number(int.MaxValue)
            : (int?)null;
        return new PaddingSettings(
            fixedLength,
            value.Find("direction")?.Text() ?? "Right",
            value.Find("pad_to_multiple_of")?.Number(int.MaxValue),
            value.Find("pad_id")?.Number(limits.MaxVocabulary) ?? 0,
            value.Find("pad_type_id")?.Number(int.MaxValue) ?? 0,
            value.Find("pad_token")?.Text() ?? "[PAD]");
    }
}
