namespace SearchEngine.Collections.Log;

/// <summary>What opening a log found and did. Anything in <see cref="Damages"/> means that acknowledged data may be missing.</summary>
internal sealed class LogRecovery
{
    /// <summary>Bytes cut from the end: a group that was never acknowledged.</summary>
    public long TornBytes { get; internal set; }

    /// <summary>Sound records within what was cut; they followed a hole in a group that was never acknowledged.</summary>
    public int TornRecords { get; internal set; }

    /// <summary>Synced marks that did not reach the disk with the group behind them. They held no record and were written again.</summary>
    public int LostMarks { get; internal set; }

    public List<LogDamage> Damages { get; } = [];

    /// <summary>Copies of damaged files.</summary>
    public List<string> QuarantineCopies { get; } = [];

    /// <summary>Files that do not belong here; they were left alone.</summary>
    public List<string> UnknownFiles { get; } = [];

    /// <summary>Left-over files that were removed.</summary>
    public List<string> RemovedFiles { get; } = [];
}
