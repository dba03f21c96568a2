using System.Globalization;
using SearchEngine.Cli.Output;

namespace SearchEngine.Cli.Admin;

/// <summary>A collection as people read it.</summary>
internal static class CollectionText
{
    private const double Mebibyte = 1 << 20;

    public static void Write(Wire.CollectionDescription collection)
    {
        Screen.Line(Invariant($"{collection.Name}: {collection.State}{(collection.StateMessage.Length > 0 ? $" ({collection.StateMessage})" : "")}, {collection.LivePoints:N0} points, {collection.Tombstones:N0} deleted or replaced, {collection.Segments} segments, {collection.UnindexedPoints:N0} not indexed yet"));
        if (collection.Aliases.Count > 0) Screen.Line($"  aliases: {string.Join(", ", collection.Aliases)}");
        Screen.Table(
            [Column.Words("vector"), Column.Number("dimension"), Column.Words("prefixes"), Column.Words("metric"), Column.Words("stored"), Column.Words("text"), Column.Words("space")],
            collection.Config.Vectors.Select(vector => (IReadOnlyList<string>)
            [
                vector.Name, Invariant($"{vector.Dimension}"), string.Join(", ", vector.AllowedDimensions), vector.Metric.ToString(), vector.StoredType.ToString(),
                vector.SourceTextField, Space(collection, vector),
            ]));
        if (collection.Config.Attributes.Count > 0)
        {
            Screen.Table(
                [Column.Words("attribute"), Column.Words("type"), Column.Words("values")],
                collection.Config.Attributes.Select(attribute => (IReadOnlyList<string>)
                    [attribute.Name, attribute.Type.ToString(), attribute.Multiplicity == Wire.Multiplicity.Array ? "list" : "one"]));
        }
        if (collection.Config.Texts.Count > 0) Screen.Line($"  texts: {string.Join(", ", collection.Config.Texts.Select(text => text.Name))}");
        if (collection.Bytes.Count > 0)
        {
            Screen.Line("  disk: " + string.Join(", ", collection.Bytes.Select(part => Invariant($"{part.Component} {part.DiskBytes / Mebibyte:F1} MiB"))));
        }
        foreach (Wire.QuarantineEntry damage in collection.Quarantine)
        {
            Screen.Line(Invariant($"  DAMAGED: {damage.File}: {damage.Damage} ({damage.Points} points)"));
        }
        foreach (Wire.RunningOperation operation in collection.Operations)
        {
            Screen.Line(Invariant($"  running: {operation.Kind}, {operation.Progress?.Done} of {operation.Progress?.Total}"));
        }
    }

    private static string Space(Wire.CollectionDescription collection, Wire.VectorSchema vector) =>
        collection.Vectors.FirstOrDefault(health => health.Name == vector.Name)?.Fingerprint?.Space is { Length: > 0 } space ? space : "not bound";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
