using SearchEngine.Collections.Log;
using SearchEngine.Collections.Tests.Faults;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Log;

/// <summary>No changed byte of a log goes unnoticed, and none costs more than the records it is in.</summary>
public sealed class LogDamageTests
{
    private const long RollBytes = 700;
    private const ulong Records = 30;

    [Fact]
    public void Every_flipped_byte_is_repaired_or_reported()
    {
        using var root = new TempDirectory();
        string[] files = WriteLog(root);
        Assert.True(files.Length >= 3, $"only {files.Length} files: the log does not roll");
        for (int i = 0; i < files.Length; i++)
        {
            byte[] sound = File.ReadAllBytes(files[i]);
            for (int at = 0; at < sound.Length; at++)
            {
                using var copy = new TempDirectory();
                CopyLog(root, copy);
                byte[] flipped = [.. sound];
                flipped[at] ^= 0x10;
                File.WriteAllBytes(copy.File("log/" + Path.GetFileName(files[i])), flipped);
                CheckDamaged(copy, $"file {i} of {files.Length}, byte {at} of {sound.Length}", mostLost: 1);
            }
        }
    }

    [Fact]
    public void Every_missing_file_but_the_last_is_reported()
    {
        using var root = new TempDirectory();
        string[] files = WriteLog(root);
        for (int i = 0; i + 1 < files.Length; i++)
        {
            using var copy = new TempDirectory();
            CopyLog(root, copy);
            File.Delete(copy.File("log/" + Path.GetFileName(files[i])));
            CheckDamaged(copy, $"file {i} missing", mostLost: (int)Records);
        }
    }

    [Fact]
    public void Every_cut_of_an_earlier_file_is_reported()
    {
        using var root = new TempDirectory();
        string[] files = WriteLog(root);
        byte[] sound = File.ReadAllBytes(files[1]);
        for (int length = 0; length < sound.Length; length++)
        {
            using var copy = new TempDirectory();
            CopyLog(root, copy);
            File.WriteAllBytes(copy.File("log/" + Path.GetFileName(files[1])), sound.AsSpan(0, length));
            CheckDamaged(copy, $"file 1 cut to {length} of {sound.Length} bytes", mostLost: (int)Records);
        }
    }

    [Fact]
    public void A_zeroed_or_overwritten_block_loses_only_its_records()
    {
        using var root = new TempDirectory();
        string[] files = WriteLog(root);
        byte[] sound = File.ReadAllBytes(files[1]);
        for (int at = LogFormat.RecordsAt; at + 64 < sound.Length; at += 8)
        {
            foreach (byte filler in new byte[] { 0, 0xFF })
            {
                using var copy = new TempDirectory();
                CopyLog(root, copy);
                byte[] damaged = [.. sound];
                damaged.AsSpan(at, 64).Fill(filler);
                File.WriteAllBytes(copy.File("log/" + Path.GetFileName(files[1])), damaged);
                CheckDamaged(copy, $"bytes {at} to {at + 64} of file 1 are {filler}", mostLost: 4);
            }
        }
    }

    /// <summary>Nothing tells such a file from one that ends there, but what is left is right.</summary>
    [Fact]
    public void Every_cut_of_the_last_file_leaves_a_prefix()
    {
        using var root = new TempDirectory();
        string[] files = WriteLog(root);
        byte[] sound = File.ReadAllBytes(files[^1]);
        for (int length = LogFormat.RecordsAt; length < sound.Length; length++)
        {
            using var copy = new TempDirectory();
            CopyLog(root, copy);
            File.WriteAllBytes(copy.File("log/" + Path.GetFileName(files[^1])), sound.AsSpan(0, length));
            using FileLog log = Open(copy, rollBytes: RollBytes);
            Assert.Empty(log.Recovery.Damages);
            Assert.Equal(LogSamples.Range(1, log.LastSequence), LogSamples.ReadAll(log));
            LogSamples.AppendGroup(log, 1);
        }
    }

    /// <summary>Later pages of an unsynced group may reach the disk before earlier ones: no acknowledged record is behind the hole.</summary>
    [Fact]
    public void A_hole_in_a_group_that_was_never_synced_is_a_torn_tail()
    {
        using var root = new TempDirectory();
        using (FileLog log = Open(root))
        {
            LogSamples.AppendGroup(log, 4);
        }

        string file = Directory.GetFiles(root.File("log")).Single();
        int synced = (int)new LogEnd(file).Bytes;
        using (FileLog log = Open(root))
        {
            LogSamples.AppendGroup(log, 6);
        }

        byte[] whole = File.ReadAllBytes(file);
        int end = (int)new LogEnd(file).Bytes - LogFormat.SyncedBytes;
        whole.AsSpan(end).Clear();
        for (int at = synced; at + 8 <= end; at += 8)
        {
            using var copy = new TempDirectory();
            Directory.CreateDirectory(copy.File("log"));
            byte[] torn = [.. whole];
            torn.AsSpan(at, 8).Clear();
            if (torn.AsSpan().SequenceEqual(whole))
            {
                continue;
            }

            File.WriteAllBytes(copy.File("log/" + Path.GetFileName(file)), torn);
            using FileLog log = Open(copy);
            Assert.True(log.Recovery.Damages.Count == 0, $"a torn group at byte {at} is taken for damage: {log.Recovery.Damages.FirstOrDefault()}");
            Assert.True(log.Recovery.TornBytes > 0, $"the torn group at byte {at} is not reported");
            Assert.True(log.LastSequence is >= 4 and < 10, $"{log.LastSequence} records with a hole at byte {at}");
            Assert.Equal(LogSamples.Range(1, log.LastSequence), LogSamples.ReadAll(log));
            LogSamples.AppendGroup(log, 3);
            log.Dispose();
            using FileLog again = Open(copy);
            Assert.Empty(again.Recovery.Damages);
            Assert.Equal(LogSamples.Range(1, log.LastSequence), LogSamples.ReadAll(again));
        }
    }

    /// <summary>A mark is not synced itself: the group behind it may reach the disk without it.</summary>
    [Fact]
    public void A_lost_mark_is_no_damage_and_is_written_again()
    {
        using var root = new TempDirectory();
        string file;
        int mark;
        using (FileLog log = Open(root))
        {
            LogSamples.AppendGroup(log, 4);
            file = Directory.GetFiles(root.File("log")).Single();
            mark = (int)new LogEnd(file).Bytes - LogFormat.SyncedBytes;
            LogSamples.AppendGroup(log, 3);
        }

        byte[] bytes = File.ReadAllBytes(file);
        int end = (int)new LogEnd(file).Bytes;
        bytes.AsSpan(mark, LogFormat.SyncedBytes).Clear();
        bytes.AsSpan(end - LogFormat.SyncedBytes).Clear();
        File.WriteAllBytes(file, bytes);
        using (FileLog log = Open(root))
        {
            Assert.Equal((1, 0L), (log.Recovery.LostMarks, log.Recovery.TornBytes));
            Assert.Empty(log.Recovery.Damages);
            LogSamples.AppendGroup(log, 2);
        }

        using FileLog again = Open(root);
        Assert.True(again.Recovery.Damages.Count == 0, $"the hole of a lost mark is taken for damage later: {again.Recovery.Damages.FirstOrDefault()}");
        Assert.Equal(0, again.Recovery.LostMarks);
        Assert.Equal(LogSamples.Range(1, 9), LogSamples.ReadAll(again));
    }

    [Fact]
    public void Losses_that_the_manifest_covers_are_reported_as_damage_without_loss()
    {
        using var root = new TempDirectory();
        string[] files = WriteLog(root);
        byte[] damaged = File.ReadAllBytes(files[0]);
        damaged[LogFormat.RecordsAt + 3] ^= 1;
        File.WriteAllBytes(files[0], damaged);
        using FileLog log = Open(root, durableThrough: 1, rollBytes: RollBytes);
        LogDamage damage = Assert.Single(log.Recovery.Damages);
        Assert.False(damage.LostRecords, $"{damage} counts records that the segments have");
        Assert.Equal(LogSamples.Range(2, Records), LogSamples.ReadAll(log, 1));
    }

    /// <summary>The payload is under a client's control; the salt is not.</summary>
    [Fact]
    public void A_record_within_a_damaged_payload_does_not_pass_for_a_record()
    {
        using var root = new TempDirectory();
        byte[] inner = new byte[LogFormat.RecordHeadBytes + 8];
        LogFormat.WriteRecordHead(inner, (byte)LogRecordKind.Delete, 2, 8, salt: 0);
        byte[] payload = [.. new byte[64], .. inner, .. new byte[64]];
        using (FileLog log = Open(root))
        {
            log.Append(new LogRecord(1, LogRecordKind.Put, payload));
            log.Append(LogSamples.Record(2));
            log.Sync();
        }

        string file = Directory.GetFiles(root.File("log")).Single();
        byte[] damaged = File.ReadAllBytes(file);
        damaged[LogFormat.RecordsAt] ^= 1;
        File.WriteAllBytes(file, damaged);
        using FileLog again = Open(root);
        Assert.Equal((1UL, 1UL), (again.Recovery.Damages.Single().FirstLost, again.Recovery.Damages.Single().LastLost));
        Assert.Equal([2], LogSamples.ReadAll(again));
    }

    /// <summary>Without real syncs: there are thousands of openings.</summary>
    private static FileLog Open(TempDirectory root, ulong durableThrough = 0, long rollBytes = 64 << 20, int zerosAhead = 256) =>
        LogSamples.Open(root.Path, durableThrough, new FaultyFileLayer(root.Path, seed: 1), rollBytes, zerosAhead);

    /// <summary>Opens a damaged copy: what is missing is reported, what is read is right, and it can be appended to and opened again.</summary>
    private static void CheckDamaged(TempDirectory copy, string where, int mostLost)
    {
        ulong last;
        int copies;
        using (FileLog log = Open(copy, rollBytes: RollBytes))
        {
            Check(log);
            copies = log.Recovery.QuarantineCopies.Count;
            Assert.All(log.Recovery.QuarantineCopies, path => Assert.True(File.Exists(path), $"{where}: {path} is not there"));
            LogSamples.AppendGroup(log, 2);
            last = log.LastSequence;
        }

        using FileLog again = Open(copy, rollBytes: RollBytes);
        Assert.Equal(last, again.LastSequence);
        List<ulong> read = LogSamples.ReadAll(again);
        Assert.Equal([last - 1, last], read[^2..]);
        Assert.True(
            !Directory.Exists(copy.File("quarantine")) || Directory.GetFiles(copy.File("quarantine")).Length <= copies + 1,
            $"{where}: the same damage is copied again");

        void Check(FileLog log)
        {
            List<ulong> read = LogSamples.ReadAll(log);
            var missing = LogSamples.Range(1, Records).Except(read).ToList();
            LogRecovery recovery = log.Recovery;
            var reported = recovery.Damages.Where(d => d.LostRecords).SelectMany(d => LogSamples.Range(d.FirstLost, d.LastLost)).ToHashSet();
            Assert.True(recovery.Damages.Count > 0 || recovery.TornBytes > 0 || recovery.LostMarks > 0, $"{where}: nothing is reported");
            Assert.True(missing.All(reported.Contains), $"{where}: records {string.Join(", ", missing.Except(reported))} are missing and not reported");
            Assert.True(missing.Count <= mostLost, $"{where}: {missing.Count} records are lost, {mostLost} can be in the damaged bytes");
            Assert.True(log.LastSequence >= Records, $"{where}: sequences from {log.LastSequence + 1} would be given twice");
        }
    }

    private static string[] WriteLog(TempDirectory root)
    {
        using (FileLog log = Open(root, rollBytes: RollBytes, zerosAhead: 64))
        {
            while (log.LastSequence < Records)
            {
                LogSamples.AppendGroup(log, (int)Math.Min(1 + (log.LastSequence % 3), Records - log.LastSequence));
            }
        }

        string[] files = Directory.GetFiles(root.File("log"));
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    private static void CopyLog(TempDirectory from, TempDirectory to)
    {
        Directory.CreateDirectory(to.File("log"));
        foreach (string file in Directory.GetFiles(from.File("log")))
        {
            File.Copy(file, to.File("log/" + Path.GetFileName(file)));
        }
    }

    /// <summary>The length of a log file without the zeros behind its last record.</summary>
    private readonly struct LogEnd(string path)
    {
        public long Bytes { get; } = (File.ReadAllBytes(path).AsSpan().LastIndexOfAnyExcept((byte)0) + LogFormat.Alignment) / LogFormat.Alignment * LogFormat.Alignment;
    }
}
