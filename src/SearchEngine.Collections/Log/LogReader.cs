using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Log;

/// <summary>Reads the sound records of one file.</summary>
internal static class LogReader
{
    /// <summary>Records after a sequence; payloads are valid until the next one is asked for.</summary>
    /// <param name="from">Where to begin, at the latest at the first record wanted.</param>
    public static IEnumerable<LogRecord> Read(
        IReadableFile file, ulong salt, IReadOnlyList<(long From, long To)> stretches, long from, ulong after)
    {
        long end = stretches.Count == 0 ? 0 : stretches[^1].To;
        using var window = new LogWindow(file, salt, end);
        foreach ((long stretchFrom, long stretchTo) in stretches)
        {
            for (long at = stretchTo > from ? Math.Max(stretchFrom, from) : stretchTo; at < stretchTo;)
            {
                if (!window.TryRecord(at, out LogRecordHead head, out ReadOnlyMemory<byte> payload))
                {
                    throw StorageErrors.Damaged(file.Path, $"the record at byte {at} does not match its checksum");
                }

                at += head.RecordBytes;
                if (head.Kind != LogFormat.SyncedKind && head.Sequence > after)
                {
                    after = head.Sequence;
                    yield return new LogRecord(head.Sequence, (LogRecordKind)head.Kind, payload);
                }
            }
        }
    }
}
