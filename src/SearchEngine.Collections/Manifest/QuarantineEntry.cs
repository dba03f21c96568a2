namespace SearchEngine.Collections.Manifests;

/// <summary>Damage that the collection has survived and still reports.</summary>
internal sealed record QuarantineEntry
{
    /// <summary>The file that was damaged, or its copy in quarantine.</summary>
    public required string Name { get; init; }

    public required string Reason { get; init; }

    /// <summary>First lost sequence, 0 when none is known to be lost.</summary>
    public ulong FirstLost { get; init; }

    public ulong LastLost { get; init; }
}
