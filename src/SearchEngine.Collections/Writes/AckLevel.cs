namespace SearchEngine.Collections.Writes;

/// <summary>When a write is acknowledged. A write is found by every search that starts after its acknowledgement, at either
/// level.</summary>
public enum AckLevel
{
    /// <summary>In the log file of the operating system: survives a kill of the process, not a loss of power.</summary>
    Memory,

    /// <summary>In the log on the disk, synchronized together with other writes: survives a loss of power.</summary>
    Logged,
}
