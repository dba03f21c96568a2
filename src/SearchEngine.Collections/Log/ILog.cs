namespace SearchEngine.Collections.Log;

/// <summary>
/// The ordered changes of a collection. One thread appends and syncs; reading and trimming are free beside it.
/// </summary>
/// <remarks>
/// When Append or Sync throws, nothing after <see cref="LastSequence"/> as it then reads is in the log: the caller refuses the
/// whole group and assigns those sequences anew.
/// </remarks>
internal interface ILog : IDisposable
{
    /// <summary>Of the last appended record, synced or not.</summary>
    ulong LastSequence { get; }

    /// <summary>Of the last record that survives a crash.</summary>
    ulong SyncedSequence { get; }

    /// <summary>About how many bytes of records a restart would have to apply.</summary>
    long TailBytes { get; }

    /// <summary>About how many of them follow a sequence.</summary>
    long BytesAfter(ulong sequence);

    /// <summary>Takes a copy of a record, whose sequence follows the last one. Durable after <see cref="Sync"/>.</summary>
    void Append(in LogRecord record);

    /// <summary>Hands everything appended to the operating system: it survives the end of the process, not of the power.</summary>
    void Flush();

    /// <summary>Makes everything appended durable.</summary>
    void Sync();

    /// <summary>Takes back what was appended since the last flush or sync.</summary>
    void Discard();

    /// <summary>
    /// The synced records after a sequence, in order. A payload is valid until the next one is asked for.
    /// </summary>
    IEnumerable<LogRecord> ReadAfter(ulong sequence);

    /// <summary>Records up to a sequence are no longer needed; they may go.</summary>
    void TrimThrough(ulong sequence);
}
