namespace SearchEngine.Server.Security;

/// <summary>Who may call.</summary>
public sealed record SecurityOptions
{
    /// <summary>JSON file with the hashes of keys and what they allow, read again when it changes; null asks nobody for a key.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Serve without keys even where other machines can connect. Whoever reaches the port may then read and delete everything.</summary>
    public bool AllowOpenAccess { get; init; }
}
