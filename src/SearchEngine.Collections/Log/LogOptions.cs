namespace SearchEngine.Collections.Log;

/// <summary>Sizes of a log.</summary>
internal sealed record LogOptions
{
    public static LogOptions Default { get; } = new();

    /// <summary>A file that is this long is followed by another before the next group.</summary>
    public long RollBytes { get; init; } = 64 << 20;

    /// <summary>Zeros written ahead of small groups, so that their syncs change no length and no allocation; 0 for none.</summary>
    public int ZerosAhead { get; init; } = 256 << 10;
}
