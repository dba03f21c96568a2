using System.Globalization;

namespace SearchEngine.Collections.Core;

/// <summary>Where things stand in the directory of a collection.</summary>
internal sealed class CollectionPaths(string root)
{
    public string Root { get; } = root;

    public string Log { get; } = Path.Combine(root, "log");

    public string Segments { get; } = Path.Combine(root, "segments");

    public string Quarantine { get; } = Path.Combine(root, "quarantine");

    public string Snapshots { get; } = Path.Combine(root, "snapshots");

    public string Segment(ulong id) => Path.Combine(Segments, id.ToString("D10", CultureInfo.InvariantCulture));

    /// <summary>Dead rows of a segment at one sequence, a file name relative to the root.</summary>
    public static string DeadFile(ulong segment, ulong generation) => string.Create(CultureInfo.InvariantCulture, $"dead-{segment:D10}-{generation:D10}");
}
