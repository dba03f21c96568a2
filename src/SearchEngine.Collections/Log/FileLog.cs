using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Log;

/// <summary>The log in files; see the README of this folder for format and recovery.</summary>
internal sealed class FileLog : ILog
{
    private readonly LogDirectory _place;
    private readonly LogOptions _options;

    private readonly LogFiles _log;
    private LogWriter _writer;
    private Exception? _failure;

    private FileLog(LogDirectory place, LogOptions options, LogOpener opened, ulong durableThrough)
    {
        _place = place;
        _options = options;
        _log = new LogFiles(opened.Files, durableThrough);
        Recovery = opened.Recovery;
        LastSequence = opened.Last;
        SyncedSequence = opened.Last;
        FlushedSequence = opened.Last;
        _writer = new LogWriter(opened.Active, _log.Active.Header.Salt, _log.Active.End, options.ZerosAhead);
    }

    /// <summary>What opening found.</summary>
    public LogRecovery Recovery { get; }

    public ulong LastSequence { get; private set; }

    public ulong SyncedSequence { get; private set; }

    /// <summary>Of the last record that was flushed or synced.</summary>
    private ulong FlushedSequence { get; set; }

    public long TailBytes => _log.TailBytes;

    public long BytesAfter(ulong sequence) => _log.BytesAfter(sequence);

    /// <summary>Opens the log of a directory, or begins one where there is none.</summary>
    /// <param name="durableThrough">The manifest's sequence: what the segments hold.</param>
    /// <exception cref="CollectionException">Checksum: a file of a newer version; DiskReserve.</exception>
    public static FileLog Open(IFileLayer files, string directory, string quarantine, ulong durableThrough, LogOptions? options = null)
    {
        var place = new LogDirectory(files, directory, quarantine);
        return new FileLog(place, options ?? LogOptions.Default, LogOpener.Open(place, durableThrough), durableThrough);
    }

    /// <summary>Begins an empty log after a sequence, as for a restored snapshot. The directory has no log files.</summary>
    public static void Create(IFileLayer files, string directory, ulong after)
    {
        files.CreateDirectory(directory);
        files.SyncDirectory(Path.GetDirectoryName(directory)!);
        new LogDirectory(files, directory, directory).Begin(after + 1, 0, 0).File.Dispose();
    }

    public void Append(in LogRecord record)
    {
        CheckOpen();
        if (record.Sequence != LastSequence + 1 || record.Kind is < LogRecordKind.Put or > LogRecordKind.Mark)
        {
            throw new ArgumentException(
                $"A record of kind {record.Kind} and sequence {record.Sequence} cannot follow sequence {LastSequence}.", nameof(record));
        }

        if (record.Payload.Length > LogFormat.MaxPayloadBytes)
        {
            throw new CollectionException(
                CollectionError.LimitExceeded, "",
                $"A log record of {record.Payload.Length} bytes is longer than {LogFormat.MaxPayloadBytes}.", "Split the document.");
        }

        try
        {
            if (!_writer.HasUnsynced && (_writer.IsSpent || _writer.SyncedEnd >= _options.RollBytes))
            {
                Roll();
            }

            _writer.Append(record);
            LastSequence = record.Sequence;
        }
        catch (Exception error) when (error is IOException or CollectionException)
        {
            throw Undone(error);
        }
    }

    public void Sync()
    {
        CheckOpen();
        if (!_writer.HasUnsynced)
        {
            return;
        }

        try
        {
            long from = _writer.SyncedEnd;
            _writer.Sync(LastSequence);
            _log.Synced(SyncedSequence + 1, from, LastSequence, _writer.SyncedEnd);
            SyncedSequence = LastSequence;
            FlushedSequence = LastSequence;
        }
        catch (Exception error) when (error is IOException or CollectionException)
        {
            if (_writer.IsSpent && FlushedSequence > SyncedSequence)
            {
                // What was acknowledged when it was flushed may be gone from memory and disk alike.
                _failure = error;
            }
            throw Undone(error);
        }
    }

    public void Flush()
    {
        CheckOpen();
        try
        {
            _writer.Flush();
            FlushedSequence = LastSequence;
        }
        catch (Exception error) when (error is IOException or CollectionException)
        {
            throw Undone(error);
        }
    }

    public void Discard()
    {
        if (LastSequence > FlushedSequence && _failure is null)
        {
            try
            {
                _writer.RollBack();
            }
            catch (Exception error)
            {
                _failure = error;
            }
        }
        LastSequence = FlushedSequence;
    }

    // Judged now, read as the caller goes on.
    public IEnumerable<LogRecord> ReadAfter(ulong sequence) => Read(_log.After(sequence), sequence);

    public void TrimThrough(ulong sequence)
    {
        // What is left over after a crash is found obsolete again when the log is opened.
        foreach (string path in _log.Trim(sequence))
        {
            _place.Files.Delete(path);
        }
    }

    public void Dispose() => _writer.Dispose();

    private IEnumerable<LogRecord> Read(IReadOnlyList<LogPart> parts, ulong after)
    {
        foreach ((LogFile file, (long From, long To)[] stretches, long from) in parts)
        {
            if (stretches.Length == 0)
            {
                continue;
            }

            IReadableFile source;
            try
            {
                source = _place.Files.OpenRead(file.Path);
            }
            catch (FileNotFoundException error)
            {
                throw LogErrors.Trimmed(after, error);
            }

            foreach (LogRecord record in LogReader.Read(source, file.Header.Salt, stretches, from, after))
            {
                after = record.Sequence;
                yield return record;
            }
        }
    }

    /// <summary>Begins the next file. Before the rename a failure leaves the old file in use; from then on it ends the log.</summary>
    private void Roll()
    {
        bool named = false;
        try
        {
            _writer.CutZeros();
            LogFile old = _log.Active;
            bool replaces = old.First == LastSequence + 1;
            (IWritableFile file, LogFileHeader header) = _place.Begin(
                LastSequence + 1,
                replaces ? old.Header.PreviousFirst : old.First,
                replaces ? old.Header.PreviousEnd : _writer.SyncedEnd,
                () => named = true);
            LogWriter spent = _writer;
            _writer = new LogWriter(file, header.Salt, LogFormat.RecordsAt, _options.ZerosAhead);
            spent.Dispose();
            _log.Begin(new LogFile { Path = file.Path, Header = header, Index = new SequenceIndex() }, replaces);
        }
        catch (Exception error) when (named)
        {
            _failure = error;
            throw;
        }
    }

    /// <summary>Takes back everything that nobody relies on yet, so that a later group never stands behind half of this one.</summary>
    private CollectionException Undone(Exception error)
    {
        Discard();
        return error as CollectionException ?? LogErrors.NotWritten(_log.Active.Path, error);
    }

    private void CheckOpen()
    {
        if (_failure is not null)
        {
            throw LogErrors.Closed(_log.Active.Path, _failure);
        }
    }
}
