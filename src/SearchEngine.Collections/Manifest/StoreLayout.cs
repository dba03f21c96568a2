using System.Globalization;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Manifests;

/// <summary>The names in a collection's directory. Numbers have 20 digits, so names sort as they do.</summary>
internal static class StoreLayout
{
    public const string Current = "CURRENT";
    public const string Log = "log";
    public const string Quarantine = "quarantine";
    public const string Snapshots = "snapshots";
    public const string Merging = "merging";

    /// <summary>On what is being written; without meaning after a crash.</summary>
    public const string AsideSuffix = ".tmp";

    /// <summary>On the second copy of a manifest.</summary>
    public const string CopySuffix = ".copy";

    private const string ManifestPrefix = "MANIFEST-";
    private const string SegmentPrefix = "segment-";
    private const string TombstonePrefix = "tombstones-";
    private const int Digits = 20;

    public static string ManifestName(ulong generation) => ManifestPrefix + Number(generation);

    public static string SegmentName(ulong id) => SegmentPrefix + Number(id);

    /// <param name="generation">Of the manifest that names it first.</param>
    public static string TombstoneName(ulong segment, ulong generation) => $"{TombstonePrefix}{Number(segment)}-{Number(generation)}";

    public static bool TryManifest(string name, out ulong generation) => TryNumber(name, ManifestPrefix, out generation);

    /// <summary>Names that are there at any time.</summary>
    public static bool IsFixed(string name) => name is StoreLock.FileName or Current or Log or Quarantine or Snapshots or Merging;

    /// <summary>Names that mean something only while a manifest names them.</summary>
    public static bool IsNamed(string name) =>
        TryManifest(name, out _) || IsManifestCopy(name) || TryNumber(name, SegmentPrefix, out _) || IsTombstone(name);

    public static bool IsManifestCopy(string name) =>
        name.EndsWith(CopySuffix, StringComparison.Ordinal) && TryManifest(name[..^CopySuffix.Length], out _);

    /// <summary>What a crash left half-written.</summary>
    public static bool IsAside(string name)
    {
        if (!name.EndsWith(AsideSuffix, StringComparison.Ordinal))
        {
            return false;
        }

        string target = name[..^AsideSuffix.Length];
        return target == Current || IsNamed(target);
    }

    private static bool IsTombstone(string name)
    {
        int at = TombstonePrefix.Length + Digits;
        return name.Length == at + 1 + Digits && name[at] == '-'
            && TryNumber(name[..at], TombstonePrefix, out _)
            && ulong.TryParse(name.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }

    private static string Number(ulong number) => number.ToString("D" + Digits, CultureInfo.InvariantCulture);

    private static bool TryNumber(string name, string prefix, out ulong number)
    {
        number = 0;
        return name.Length == prefix.Length + Digits
            && name.StartsWith(prefix, StringComparison.Ordinal)
            && ulong.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
