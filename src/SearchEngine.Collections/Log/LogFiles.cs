namespace SearchEngine.Collections.Log;

/// <summary>Which files a log consists of, how far each reaches, and what of them is needed. The log changes it, any thread reads
/// it.</summary>
internal sealed class LogFiles(List<LogFile> files, ulong trimmed)
{
    /// <summary>Never held while a disk is waited for.</summary>
    private readonly Lock _gate = new();
    private ulong _trimmed = trimmed;

    /// <summary>The one that is appended to.</summary>
    public LogFile Active => files[^1];

    /// <summary>Bytes of records behind those that were trimmed.</summary>
    public long TailBytes => BytesAfter(0);

    /// <summary>Bytes of records after a sequence, of those that were not trimmed.</summary>
    public long BytesAfter(ulong sequence)
    {
        lock (_gate)
        {
            ulong first = Math.Max(sequence, _trimmed) + 1;
            long bytes = 0;
            for (int i = 0; i < files.Count; i++)
            {
                bool isBefore = i + 1 < files.Count && files[i + 1].First <= first;
                bytes += isBefore ? 0 : files[i].End - files[i].Index.Before(first, LogFormat.RecordsAt);
            }
            return bytes;
        }
    }

    /// <summary>A group of records has become durable in the active file.</summary>
    /// <param name="first">Sequence of its first record.</param>
    /// <param name="from">Place of that record, or of the mark before it.</param>
    /// <param name="last">Sequence of its last record.</param>
    /// <param name="end">Where the next group begins.</param>
    public void Synced(ulong first, long from, ulong last, long end)
    {
        lock (_gate)
        {
            Active.Index.Note(first, from);
            // Nothing follows the last record, however large the group was.
            Active.Index.Note(last + 1, end);
            Active.End = end;
        }
    }

    /// <summary>Appending goes on in another file.</summary>
    /// <param name="replacesActive">Whether the one so far has no records and was replaced on the disk.</param>
    public void Begin(LogFile next, bool replacesActive)
    {
        lock (_gate)
        {
            if (replacesActive)
            {
                files.RemoveAt(files.Count - 1);
            }
            files.Add(next);
        }
    }

    /// <summary>Where the records behind a sequence are.</summary>
    /// <exception cref="CollectionException">Some of them have been trimmed.</exception>
    public IReadOnlyList<LogPart> After(ulong sequence)
    {
        lock (_gate)
        {
            if (sequence < files[0].First - 1 && sequence < _trimmed)
            {
                throw LogErrors.Trimmed(sequence);
            }
            var parts = new List<LogPart>();
            for (int i = 0; i < files.Count; i++)
            {
                if (i + 1 == files.Count || files[i + 1].First > sequence + 1)
                {
                    parts.Add(new LogPart(files[i], files[i].Stretches(), files[i].Index.Before(sequence + 1, LogFormat.RecordsAt)));
                }
            }
            return parts;
        }
    }

    /// <summary>Records up to a sequence are not needed any more.</summary>
    /// <returns>Paths of files that have no others.</returns>
    public IReadOnlyList<string> Trim(ulong through)
    {
        var obsolete = new List<string>();
        lock (_gate)
        {
            _trimmed = Math.Max(_trimmed, through);
            while (files.Count > 1 && files[1].First <= through + 1)
            {
                obsolete.Add(files[0].Path);
                files.RemoveAt(0);
            }
        }
        return obsolete;
    }
}
