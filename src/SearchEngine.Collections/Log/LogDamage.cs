namespace SearchEngine.Collections.Log;

/// <summary>Bytes of the log that are not what was once durable there.</summary>
/// <param name="File">Path of the damaged file, or of the one after a missing file.</param>
/// <param name="From">First damaged byte.</param>
/// <param name="To">The byte after the last.</param>
/// <param name="FirstLost">First lost sequence; 0 when no record was lost.</param>
/// <param name="LastLost">Last lost sequence, at most; 0 when no record was lost.</param>
internal sealed record LogDamage(string File, long From, long To, ulong FirstLost, ulong LastLost, string What)
{
    public bool LostRecords => FirstLost != 0;
}
