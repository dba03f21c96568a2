using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Log;

/// <summary>Reads the files of a log directory in order and judges them. It changes nothing.</summary>
internal sealed class LogChain
{
    private readonly IFileLayer _files;
    private readonly string _directory;
    private readonly ulong _durableThrough;
    private readonly LogRecovery _recovery;

    private LogChain(IFileLayer files, string directory, ulong durableThrough, LogRecovery recovery)
    {
        _files = files;
        _directory = directory;
        _durableThrough = durableThrough;
        _recovery = recovery;
        Last = durableThrough;
    }

    /// <summary>The files that still matter.</summary>
    public List<LogFile> Files { get; } = [];

    /// <summary>Files whose records are all durable elsewhere.</summary>
    public List<string> Obsolete { get; } = [];

    public HashSet<string> DamagedPaths { get; } = new(StringComparer.Ordinal);

    /// <summary>Last sequence that was read, is known to be lost, or is durable elsewhere.</summary>
    public ulong Last { get; private set; }

    /// <summary>Bytes behind the end of the last file that do not count and are not zeros alone.</summary>
    public long TornBytes { get; private set; }

    /// <summary>Synced marks that the last file lacks.</summary>
    public IReadOnlyList<(long Offset, ulong Sequence)> LostMarks { get; private set; } = [];

    /// <summary>Whether appending may go on in the last file.</summary>
    public bool CanContinue { get; private set; }

    public static LogChain Read(
        IFileLayer files, string directory, IReadOnlyList<ulong> firsts, ulong durableThrough, LogRecovery recovery)
    {
        var chain = new LogChain(files, directory, durableThrough, recovery);
        var heads = firsts.Select(first => (First: first, Head: chain.HeadOf(first))).ToList();
        for (int i = 0; i < heads.Count; i++)
        {
            (ulong First, LogFileHeader? Head)? next = i + 1 < heads.Count ? heads[i + 1] : null;
            if (next is { Head: not null } && next.Value.First <= durableThrough + 1)
            {
                chain.Obsolete.Add(chain.PathOf(heads[i].First));
                continue;
            }

            chain.Judge(heads[i].First, heads[i].Head, next);
        }

        return chain;
    }

    private string PathOf(ulong first) => Path.Combine(_directory, LogFormat.NameOf(first));

    private void Judge(ulong first, LogFileHeader? head, (ulong First, LogFileHeader? Head)? next)
    {
        string path = PathOf(first);
        if (first > Last + 1)
        {
            Report(new LogDamage(path, 0, 0, Last + 1, first - 1, "the file before is missing or ends too early"));
            Last = first - 1;
        }

        CanContinue = false;
        if (head is not { } header)
        {
            // A file gets its name after its head is durable, so this is never a file that was being made.
            ulong most = first + (ulong)(_files.Length(path) / LogFormat.RecordHeadBytes);
            ulong lastLost = Math.Max(first - 1, next is { } follower ? follower.First - 1 : most);
            Report(new LogDamage(path, 0, _files.Length(path), first, lastLost, "both copies of the head are damaged"));
            Last = Math.Max(Last, lastLost);
            return;
        }

        bool linked = next is { Head: { } nextHead } && nextHead.PreviousFirst == first;
        long end = linked ? next!.Value.Head!.Value.PreviousEnd : long.MaxValue;
        using var window = new LogWindow(_files.OpenRead(path), header.Salt, end);
        LogScan scan = LogScan.Of(window, first - 1);
        LogVerdict verdict = LogVerdict.Of(path, scan, first - 1, next is not null);
        Take(path, header, scan, verdict);
        if (linked && end > window.End)
        {
            ulong lastLost = next!.Value.First - 1;
            bool lost = lastLost > Last;
            Report(new LogDamage(path, window.End, end, lost ? Last + 1 : 0, lost ? lastLost : 0, "the file was cut"));
            Last = Math.Max(Last, lastLost);
        }

        CanContinue = CanContinue && next is null;
    }

    private void Take(string path, LogFileHeader header, LogScan scan, LogVerdict verdict)
    {
        verdict.Damages.ForEach(Report);
        TornBytes = verdict.TornBytes;
        LostMarks = verdict.LostMarks;
        _recovery.LostMarks += verdict.LostMarks.Count;
        _recovery.TornBytes += verdict.TornBytes;
        _recovery.TornRecords += verdict.TornRecords;
        CanContinue = verdict.Damages.Count == 0 && !DamagedPaths.Contains(path) && verdict.Last >= Last;
        Last = Math.Max(Last, verdict.Last);
        Files.Add(new LogFile
        {
            Path = path,
            Header = header,
            Kept = [.. verdict.Kept.Select(static stretch => (stretch.From, stretch.To))],
            AppendedFrom = verdict.End,
            End = verdict.End,
            Index = scan.Index,
        });
    }

    /// <summary>Losses that are durable elsewhere are none; the damaged bytes are reported all the same.</summary>
    private void Report(LogDamage damage)
    {
        if (damage.LostRecords)
        {
            damage = damage.LastLost <= _durableThrough
                ? damage with { FirstLost = 0, LastLost = 0 }
                : damage with { FirstLost = Math.Max(damage.FirstLost, _durableThrough + 1) };
        }

        _recovery.Damages.Add(damage);
        if (damage.To > damage.From)
        {
            DamagedPaths.Add(damage.File);
        }
    }

    private LogFileHeader? HeadOf(ulong first)
    {
        string path = PathOf(first);
        Span<byte> bytes = stackalloc byte[LogFormat.RecordsAt];
        using (IReadableFile file = _files.OpenRead(path))
        {
            bytes = bytes[..file.Read(0, bytes)];
        }

        if (LogFormat.IsForeignVersion(bytes, out string? version))
        {
            throw StorageErrors.Damaged(path, version);
        }

        bool one = LogFormat.TryHead(bytes, out LogFileHeader header);
        bool two = LogFormat.TryHead(bytes[Math.Min(bytes.Length, LogFormat.HeadBytes)..], out LogFileHeader copy);
        if (one != two)
        {
            int from = one ? LogFormat.HeadBytes : 0;
            Report(new LogDamage(path, from, from + LogFormat.HeadBytes, 0, 0, "one copy of the head is damaged"));
        }

        header = one ? header : copy;
        return (one || two) && header.First == first ? header : null;
    }
}
