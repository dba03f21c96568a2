using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Manifests;

/// <summary>The manifest of a directory, and what else was found there.</summary>
internal sealed class ManifestLoad
{
    public required Manifest Manifest { get; init; }

    /// <summary>For the next manifest: greater than that of any file here, damaged ones included.</summary>
    public required ulong NextGeneration { get; init; }

    /// <summary>Damage; then the manifest may be older than the last one published, and nothing was removed.</summary>
    public required IReadOnlyList<DamageFinding> Findings { get; init; }

    /// <summary>Paths that mean nothing here; they were left alone.</summary>
    public List<string> UnknownFiles { get; } = [];

    /// <summary>Left-overs of interrupted work that were removed.</summary>
    public List<string> RemovedFiles { get; } = [];
}
