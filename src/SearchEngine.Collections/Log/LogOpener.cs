using System.Globalization;
using SearchEngine.Collections.Storage;
using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Log;

/// <summary>
/// Recovery: reads all files, copies damaged ones to quarantine, cuts a torn tail, and leaves a file to append to. Everything
/// that it changes can be interrupted and done again.
/// </summary>
internal sealed class LogOpener
{
    private const int CopyBytes = 1 << 20;

    private readonly LogDirectory _place;
    private readonly IFileLayer _files;
    private readonly LogRecovery _recovery = new();

    private LogOpener(LogDirectory place)
    {
        _place = place;
        _files = place.Files;
    }

    public LogRecovery Recovery => _recovery;

    /// <summary>Files to read, the last of them being appended to.</summary>
    public List<LogFile> Files { get; private set; } = [];

    public IWritableFile Active { get; private set; } = null!;

    public ulong Last { get; private set; }

    public static LogOpener Open(LogDirectory place, ulong durableThrough)
    {
        var opener = new LogOpener(place);
        opener.Recover(durableThrough);
        return opener;
    }

    private void Recover(ulong durableThrough)
    {
        // Always: whoever made the directory or renamed a file in it may have been killed before it was synced.
        _files.CreateDirectory(_place.Path);
        _files.SyncDirectory(Path.GetDirectoryName(_place.Path)!);
        _files.SyncDirectory(_place.Path);
        List<ulong> firsts = ListFiles();
        LogChain chain = LogChain.Read(_files, _place.Path, firsts, durableThrough, _recovery);
        Last = chain.Last;
        if (firsts.Count == 0 && durableThrough > 0)
        {
            Last = durableThrough + 1;
            _recovery.Damages.Add(new LogDamage(
                _place.Path, 0, 0, Last, Last, "there is no log file; what was logged after the manifest is unknown"));
        }

        foreach (string path in chain.DamagedPaths)
        {
            CopyToQuarantine(path);
        }

        Files = chain.Files;
        Continue(chain);
        foreach (string path in chain.Obsolete)
        {
            _files.Delete(path);
            _recovery.RemovedFiles.Add(path);
        }
    }

    /// <summary>What is read now counts from now on, so it is made durable before anyone builds on it.</summary>
    private void Continue(LogChain chain)
    {
        LogFile? last = Files.Count > 0 ? Files[^1] : null;
        if (last is null)
        {
            Begin(Last + 1, 0, 0);
            return;
        }

        IWritableFile file = _files.OpenAppend(last.Path);
        try
        {
            if (file.Length > last.End && (chain.TornBytes > 0 || !chain.CanContinue))
            {
                // What is cut from a damaged file is in its copy.
                file.Truncate(last.End);
            }

            file.Sync();
            if (chain.CanContinue)
            {
                RepairMarks(file, last.Header.Salt, chain.LostMarks);
                Active = file;
                return;
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }

        long end = Math.Min(last.End, file.Length);
        file.Dispose();
        // A damaged file is not appended to, nor is one that ends before the manifest.
        if (last.First == Last + 1)
        {
            // Nothing in it counts: the new file takes its name and its place.
            Files.RemoveAt(Files.Count - 1);
            Begin(Last + 1, last.Header.PreviousFirst, last.Header.PreviousEnd);
        }
        else
        {
            Begin(Last + 1, last.First, end);
        }
    }

    /// <summary>A later mark would prove the holes of lost ones to be damage. Only after a sync does what these say hold.</summary>
    private static void RepairMarks(IWritableFile file, ulong salt, IReadOnlyList<(long Offset, ulong Sequence)> marks)
    {
        Span<byte> mark = stackalloc byte[LogFormat.SyncedBytes];
        foreach ((long offset, ulong sequence) in marks)
        {
            LogFormat.WriteSynced(mark, offset, sequence, salt);
            file.WriteAt(offset, mark);
        }

        if (marks.Count > 0)
        {
            // Before a record follows whose own mark could be durable first.
            file.Sync();
        }
    }

    private void Begin(ulong first, ulong previousFirst, long previousEnd)
    {
        (IWritableFile file, LogFileHeader header) = _place.Begin(first, previousFirst, previousEnd);
        Active = file;
        Files.Add(new LogFile { Path = file.Path, Header = header, Index = new SequenceIndex() });
    }

    private List<ulong> ListFiles()
    {
        var firsts = new List<ulong>();
        foreach (string name in _files.List(_place.Path))
        {
            string path = Path.Combine(_place.Path, name);
            if (LogFormat.TryName(name, out ulong first) && first > 0 && !_files.IsDirectory(path))
            {
                firsts.Add(first);
            }
            else if (name.EndsWith(LogFormat.AsideSuffix, StringComparison.Ordinal))
            {
                _files.Delete(path);
                _recovery.RemovedFiles.Add(path);
            }
            else
            {
                _recovery.UnknownFiles.Add(path);
            }
        }

        return firsts;
    }

    /// <summary>Once per content: a damaged file stays in the log until it is trimmed, and is found at every opening.</summary>
    private void CopyToQuarantine(string path)
    {
        _files.CreateDirectory(_place.Quarantine);
        _files.SyncDirectory(Path.GetDirectoryName(_place.Quarantine)!);

        using IReadableFile source = _files.OpenRead(path);
        var piece = new byte[CopyBytes];
        ulong hash = 0;
        for (long at = 0; at < source.Length; at += piece.Length)
        {
            hash = BlockChecksum.Of(piece.AsSpan(0, source.Read(at, piece)), hash);
        }

        string name = $"{Path.GetFileName(path)}-{hash.ToString("x16", CultureInfo.InvariantCulture)}";
        string target = Path.Combine(_place.Quarantine, name);
        _recovery.QuarantineCopies.Add(target);
        if (_files.Exists(target))
        {
            return;
        }

        string aside = target + ".tmp";
        using (IWritableFile copy = _files.Create(aside))
        {
            for (int read; (read = source.Read(copy.Length, piece)) > 0;)
            {
                copy.Write(piece.AsSpan(0, read));
            }

            copy.Sync();
        }

        _files.Rename(aside, target);
        _files.SyncDirectory(_place.Quarantine);
    }
}
