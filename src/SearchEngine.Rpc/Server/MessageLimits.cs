namespace SearchEngine.Rpc.Server;

/// <summary>How large one message of a method may be. Sums over a stream are not limited here.</summary>
public sealed record MessageLimits
{
    /// <summary>Default 16 MiB.</summary>
    public int MaxRequestBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Default 3.5 MiB: most clients refuse more than 4 MiB unless told otherwise.</summary>
    public int MaxReplyBytes { get; init; } = 3584 * 1024;

    public void Validate()
    {
        if (MaxRequestBytes < 1) throw new ArgumentOutOfRangeException(nameof(MaxRequestBytes), "A method that accepts no bytes can never be called.");
        if (MaxReplyBytes < 1) throw new ArgumentOutOfRangeException(nameof(MaxReplyBytes), "A method that may not reply can never succeed.");
    }
}
