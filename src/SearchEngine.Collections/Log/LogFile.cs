namespace SearchEngine.Collections.Log;

/// <summary>One file of the log as it is read: where its sound records are. The owner's lock guards it.</summary>
internal sealed class LogFile
{
    public required string Path { get; init; }

    public required LogFileHeader Header { get; init; }

    /// <summary>Sound stretches in order, as found when the log was opened.</summary>
    public IReadOnlyList<(long From, long To)> Kept { get; init; } = [];

    /// <summary>Where records that were synced since the log was opened begin.</summary>
    public long AppendedFrom { get; init; } = LogFormat.RecordsAt;

    public required SequenceIndex Index { get; init; }

    /// <summary>Everything before it is durable.</summary>
    public long End { get; set; } = LogFormat.RecordsAt;

    public ulong First => Header.First;

    /// <summary>Stretches to read, as of now.</summary>
    public (long From, long To)[] Stretches() => End > AppendedFrom ? [.. Kept, (AppendedFrom, End)] : [.. Kept];
}
