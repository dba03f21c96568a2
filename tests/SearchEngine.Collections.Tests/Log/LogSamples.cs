using SearchEngine.Collections.Log;
using SearchEngine.Collections.Storage;
using Xunit;

namespace SearchEngine.Collections.Tests.Log;

/// <summary>Records whose content follows from their sequence, so that any log can be checked by itself.</summary>
internal static class LogSamples
{
    public static LogRecord Record(ulong sequence)
    {
        var payload = new byte[(int)(sequence * 13 % 90)];
        new Random((int)sequence).NextBytes(payload);
        return new LogRecord(sequence, (LogRecordKind)(1 + (sequence % 5)), payload);
    }

    public static FileLog Open(string root, ulong durableThrough = 0, IFileLayer? files = null, long rollBytes = 64 << 20, int zerosAhead = 256) =>
        FileLog.Open(
            files ?? DiskFileLayer.Instance, Path.Combine(root, "log"), Path.Combine(root, "quarantine"), durableThrough,
            new LogOptions { RollBytes = rollBytes, ZerosAhead = zerosAhead });

    /// <summary>Appends so many records as one group and syncs.</summary>
    public static void AppendGroup(ILog log, int count)
    {
        for (int i = 0; i < count; i++)
        {
            log.Append(Record(log.LastSequence + 1));
        }

        log.Sync();
    }

    /// <summary>Reads on and checks that every record is what was written; returns the sequences.</summary>
    public static List<ulong> ReadAll(ILog log, ulong after = 0)
    {
        List<ulong> sequences = [];
        foreach (LogRecord record in log.ReadAfter(after))
        {
            LogRecord expected = Record(record.Sequence);
            Assert.True(
                record.Kind == expected.Kind && record.Payload.Span.SequenceEqual(expected.Payload.Span),
                $"record {record.Sequence} is not what was written: a damaged record passed for sound");
            Assert.True(sequences.Count == 0 || record.Sequence > sequences[^1], $"record {record.Sequence} comes after {sequences.LastOrDefault()}");
            sequences.Add(record.Sequence);
        }

        return sequences;
    }

    public static IEnumerable<ulong> Range(ulong first, ulong last)
    {
        for (ulong sequence = first; sequence <= last; sequence++)
        {
            yield return sequence;
        }
    }
}
