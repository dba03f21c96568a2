namespace SearchEngine.Collections.Writes;

/// <summary>When a write is acknowledged. A write is found by every search that starts after its acknowledgement, at any
/// level.</summary>
public enum AckLevel
{
    /// <summary>In the log file of the operating system: survives a kill of the process, not a loss of power.</summary>
    Memory,

    /// <summary>In the log on the disk, synchronized together with other writes: survives a loss of power.</summary>
    Logged,

    /// <summary>As <see cref="Logged"/>, with a synchronization of its own: what it takes is what the disk takes, and no failure of
    /// another write is met on the way.</summary>
    LoggedEach,
}
