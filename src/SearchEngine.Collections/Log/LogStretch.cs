namespace SearchEngine.Collections.Log;

/// <summary>A stretch of a log file: sound records one behind the other, or a hole without any.</summary>
internal sealed record LogStretch
{
    public required long From { get; init; }

    public required long To { get; init; }

    public bool IsHole { get; init; }

    /// <summary>A hole of nothing but zeros, as behind the last record.</summary>
    public bool IsZeros { get; init; }

    /// <summary>Sequences of the records; First is greater than Last when there are none.</summary>
    public ulong First { get; init; }

    public ulong Last { get; init; }

    public bool HasRecords => !IsHole && First <= Last;
}
