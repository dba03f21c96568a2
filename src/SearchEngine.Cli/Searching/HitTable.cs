using System.Globalization;
using Google.Protobuf.Collections;
using SearchEngine.Cli.Output;
using SearchEngine.Cli.Transfer;

namespace SearchEngine.Cli.Searching;

/// <summary>Hits as a table: place, id, score, what each component gave, and the beginning of the text.</summary>
internal static class HitTable
{
    private const int TextWidth = 72;

    public static void Write(IReadOnlyList<Wire.Hit> hits, Wire.ScoreKind kind)
    {
        string[] components = [.. hits.SelectMany(hit => hit.Components).Select(component => component.Name).Distinct(StringComparer.Ordinal)];
        string[] attributes = [.. hits.SelectMany(hit => hit.Point?.Attributes.Keys ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        List<Column> columns =
        [
            Column.Number("place"), Column.Words("id"), Column.Number(kind.ToString().ToLowerInvariant()),
            .. components.Select(name => Column.Number($"{name}: score (place)")), .. attributes.Select(Column.Words), Column.Words("text"),
        ];
        Screen.Table(columns, hits.Select((hit, place) => (IReadOnlyList<string>)
        [
            Invariant($"{place + 1}"), PointMap.Show(hit.Id), Invariant($"{hit.Score:F4}"),
            .. components.Select(name => Component(hit.Components, name)), .. attributes.Select(name => Attribute(hit, name)), Beginning(hit),
        ]));
    }

    /// <summary>How the answer came about: whether it is whole, how sure, how long.</summary>
    public static void Footer(bool complete, Wire.IncompleteReason reason, Wire.Plan? plan, Wire.RecallEstimate? recall, Wire.ReplyHeader header)
    {
        var parts = new List<string> { complete ? "complete" : $"INCOMPLETE ({reason})" };
        if (plan is not null) parts.Add(Invariant($"{plan.Strategy}{(plan.Breadth > 0 ? Invariant($", breadth {plan.Breadth}") : "")}"));
        if (plan?.Components.Count > 0) parts.Add(string.Join(" and ", plan.Components.Select(component => component.Strategy)));
        if (recall is not null && recall.Basis != Wire.RecallBasis.None) parts.Add(Invariant($"recall {recall.Recall:F3} ({recall.Basis.ToString().ToLowerInvariant()})"));
        if (header.Timings is { } time)
        {
            parts.Add(Invariant($"{time.TotalMicros / 1e3:F1} ms (encode {(time.TokenizeMicros + time.EncodeMicros + time.EncodeWaitMicros) / 1e3:F1}, search {(time.WalkMicros + time.RescoreMicros + time.FuseMicros) / 1e3:F1}, rerank {time.RerankMicros / 1e3:F1})"));
        }
        Screen.Line("  " + string.Join("; ", parts));
        foreach (Wire.Warning warning in header.Warnings)
        {
            Screen.Line($"  warning: {warning.Message}");
        }
    }

    private static string Component(RepeatedField<Wire.ComponentScore> components, string name) =>
        components.FirstOrDefault(component => component.Name == name) is { } found ? Invariant($"{found.Score:F4} ({found.Rank})") : "";

    private static string Attribute(Wire.Hit hit, string name) =>
        hit.Point?.Attributes.TryGetValue(name, out Wire.Value? value) == true ? Show(AttributeValues.Write(value)) : "";

    private static string Show(object? value) => value switch
    {
        object?[] list => string.Join(", ", list.Select(Show)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "",
    };

    private static string Beginning(Wire.Hit hit)
    {
        MapField<string, string>? texts = hit.Point?.Texts;
        string text = texts is null ? "" : texts.TryGetValue("title", out string? title) ? title : texts.TryGetValue("text", out string? body) ? body : texts.Values.FirstOrDefault("");
        text = text.ReplaceLineEndings(" ");
        return text.Length <= TextWidth ? text : $"{text[..TextWidth]}...";
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
