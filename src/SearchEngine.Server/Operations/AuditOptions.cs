namespace SearchEngine.Server.Operations;

/// <summary>The log of who changed what.</summary>
public sealed record AuditOptions
{
    /// <summary>JSON lines; made if missing. Null keeps no audit log.</summary>
    public string? File { get; init; }

    /// <summary>Size from which on a file is renamed to .1 and another begun.</summary>
    public long MaxBytes { get; init; } = 64 << 20;

    /// <summary>Files in all; the oldest goes.</summary>
    public int MaxFiles { get; init; } = 8;
}
