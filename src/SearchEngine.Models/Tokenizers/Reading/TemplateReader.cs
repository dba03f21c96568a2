using SearchEngine.Models.Tokenizers.PostProcessors;

namespace SearchEngine.Models.Tokenizers.Reading;

/// <summary>Reads a TemplateProcessing: special tokens by name, and where they stand.</summary>
internal sealed class TemplateReader(TokenizerLimits limits)
{
    private const int MaxParts = 256;

    private readonly Dictionary<string, IReadOnlyList<int>> _specials = new(StringComparer.Ordinal);

    public PostProcessor Read(JsonCursor value)
    {
        ReadSpecials(value.Find("special_tokens"));
        var single = ReadTemplate(value.Get("single"), texts: 1);
        var pair = value.Find("pair") is { } pairValue
            ? ReadTemplate(pairValue, texts: 2)
            : [TemplatePart.First(0), TemplatePart.Second(1)];
        return new PostProcessor(single, pair, WithoutSpecials(single), WithoutSpecials(pair), TrimMode.Keep);
    }

    private static List<TemplatePart> WithoutSpecials(List<TemplatePart> parts) =>
        parts.FindAll(part => part.Kind != TemplatePartKind.Special);

    private void ReadSpecials(JsonCursor? value)
    {
        if (value is null)
        {
            return;
        }
        if (value.Value.ValueKind != System.Text.Json.JsonValueKind.Object)
        {
            throw value.Error("is not an object of special tokens");
        }
        value.RequireAtMost(value.Value.GetPropertyCount(), MaxParts);
        foreach (var entry in value.Value.EnumerateObject())
        {
            var special = new JsonCursor(entry.Value, $"{value.Path}.{entry.Name}");
            _specials[entry.Name] = [.. special.Get("ids").Items(MaxParts).Select(id => id.Number(limits.MaxVocabulary))];
        }
    }

    private List<TemplatePart> ReadTemplate(JsonCursor value, int texts)
    {
        var parts = new List<TemplatePart>();
        foreach (var item in value.Items(MaxParts))
        {
            if (item.Find("Sequence") is { } sequence)
            {
                var typeId = ReadTypeId(sequence);
                parts.Add(sequence.Get("id").Text() switch
                {
                    "A" => TemplatePart.First(typeId),
                    "B" => TemplatePart.Second(typeId),
                    var other => throw sequence.Unsupported("sequence", other, "A and B"),
                });
                continue;
            }
            var special = item.Find("SpecialToken") ?? throw item.Error("has neither \"Sequence\" nor \"SpecialToken\"");
            var name = special.Get("id").Text();
            if (!_specials.TryGetValue(name, out var ids))
            {
                throw special.Error($"names the special token \"{name}\", which special_tokens lacks");
            }
            parts.AddRange(ids.Select(id => TemplatePart.Special(id, ReadTypeId(special))));
        }
        if (parts.Count(part => part.Kind == TemplatePartKind.First) != 1
            || parts.Count(part => part.Kind == TemplatePartKind.Second) != texts - 1)
        {
            throw value.Error(texts == 1 ? "does not have the text A exactly once" : "does not have the texts A and B exactly once");
        }
        return parts;
    }

    private static byte ReadTypeId(JsonCursor value) => (byte)(value.Find("type_id")?.Number(byte.MaxValue + 1) ?? 0);
}
