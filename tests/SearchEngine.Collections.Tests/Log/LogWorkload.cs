using System.Buffers.Binary;
using SearchEngine.Collections.Log;
using SearchEngine.Collections.Manifests;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Tests.Faults;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Log;

/// <summary>
/// What a collection does with its log and manifests, and the knowledge of what was acknowledged. The same seed does the same.
/// A record carries the number of its attempt: a refused attempt that comes back is told from the one that was acknowledged.
/// </summary>
internal sealed class LogWorkload : IDisposable
{
    public const int Groups = 14;

    private const long RollBytes = 1200;

    private readonly TempDirectory _root = new();
    private readonly Random _random = new(4711);
    private readonly Dictionary<ulong, ulong> _acknowledged = [];
    private readonly string _name;
    private FileLog? _log;
    private ulong _attempt;
    private ulong _publishedSequence;
    private ulong _publishedGeneration;
    private ulong _triedGeneration;
    private ulong _acknowledgedLast;

    public LogWorkload(string name, int crashSeed)
    {
        _name = name;
        Files = new FaultyFileLayer(_root.Path, crashSeed);
    }

    public FaultyFileLayer Files { get; }

    /// <summary>Groups that were refused.</summary>
    public int Refused { get; private set; }

    /// <summary>Opens what is there; says whether the power lasted.</summary>
    public bool TryRun(int groups = Groups)
    {
        try
        {
            Open();
            for (int group = 0; group < groups; group++)
            {
                Group();
                if (group % 5 == 3)
                {
                    Publish();
                }
            }

            return true;
        }
        catch (CrashException)
        {
            return false;
        }
    }

    /// <summary>Ends the power, opens again and checks everything; says whether the power lasted during recovery.</summary>
    public bool TryRecover()
    {
        _log?.Dispose();
        _log = null;
        if (!Files.HasCrashed)
        {
            Files.FailAt(Files.Operations + 1, Fault.Crash);
            Assert.Throws<CrashException>(() => Files.CreateDirectory(Path.Combine(_root.Path, "log")));
        }

        Files.Crash();
        return TryReopen();
    }

    /// <summary>Opens again and checks everything.</summary>
    public bool TryReopen()
    {
        _log?.Dispose();
        _log = null;
        try
        {
            Open();
            Check();
            return true;
        }
        catch (CrashException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _log?.Dispose();
        _root.Dispose();
    }

    private void Open()
    {
        ManifestLoad? load = ManifestFile.Load(_root.Path, Files);
        Assert.True(load is null || load.Findings.Count == 0, $"{_name}: damage without any: {load?.Findings.FirstOrDefault()}");
        ulong generation = load?.Manifest.Generation ?? 0;
        Assert.True(
            generation == _publishedGeneration || generation == _triedGeneration,
            $"{_name}: manifest {generation}, neither the old one {_publishedGeneration} nor the new one {_triedGeneration}");
        // Whichever it is, it is in force now.
        _publishedGeneration = generation;
        _publishedSequence = load?.Manifest.Sequence ?? 0;
        _triedGeneration = Math.Max(_triedGeneration, load?.NextGeneration - 1 ?? 0);
        _log = FileLog.Open(
            Files, Path.Combine(_root.Path, "log"), Path.Combine(_root.Path, "quarantine"), _publishedSequence,
            new LogOptions { RollBytes = RollBytes, ZerosAhead = 300 });
    }

    private void Group()
    {
        var sent = new Dictionary<ulong, ulong>();
        try
        {
            int count = 1 + _random.Next(5);
            for (int i = 0; i < count; i++)
            {
                ulong sequence = _log!.LastSequence + 1;
                var payload = new byte[8 + _random.Next(120)];
                BinaryPrimitives.WriteUInt64LittleEndian(payload, ++_attempt);
                _log.Append(new LogRecord(sequence, LogRecordKind.Put, payload));
                sent.Add(sequence, _attempt);
            }

            _log!.Sync();
            foreach ((ulong sequence, ulong attempt) in sent)
            {
                _acknowledged[sequence] = attempt;
            }

            _acknowledgedLast = _log.LastSequence;
        }
        catch (CollectionException)
        {
            Refused++;
            Assert.True(
                _log!.LastSequence == _acknowledgedLast,
                $"{_name}: after a refused group the log is at {_log.LastSequence}, acknowledged is {_acknowledgedLast}");
        }
    }

    private void Publish()
    {
        _triedGeneration++;
        ulong sequence = _log!.SyncedSequence;
        try
        {
            var manifest = new Manifest { Generation = _triedGeneration, Sequence = sequence, Schema = new CollectionSchema() };
            ManifestFile.Publish(_root.Path, manifest, Files);
            _publishedGeneration = _triedGeneration;
            _publishedSequence = sequence;
            _log.TrimThrough(sequence);
        }
        catch (Exception error) when (error is IOException or CollectionException)
        {
            Refused++;
        }
    }

    private void Check()
    {
        LogRecovery recovery = _log!.Recovery;
        Assert.True(recovery.Damages.Count == 0, $"{_name}: a crash is taken for damage: {string.Join("; ", recovery.Damages)}");
        ulong next = _publishedSequence + 1;
        foreach (LogRecord record in _log.ReadAfter(_publishedSequence))
        {
            Assert.True(record.Sequence == next, $"{_name}: record {record.Sequence} follows {next - 1}");
            ulong attempt = BinaryPrimitives.ReadUInt64LittleEndian(record.Payload.Span);
            ulong expected = _acknowledged.GetValueOrDefault(record.Sequence, attempt);
            Assert.True(attempt == expected, $"{_name}: record {record.Sequence} is attempt {attempt}, acknowledged was {expected}");
            // What was read counts from now on, acknowledged or not.
            _acknowledged[record.Sequence] = attempt;
            next++;
        }

        Assert.True(next > _acknowledgedLast, $"{_name}: records {next} to {_acknowledgedLast} were acknowledged and are gone");
        Assert.True(_log.LastSequence == next - 1, $"{_name}: the log is at {_log.LastSequence}, its last record is {next - 1}");
        _acknowledgedLast = _log.LastSequence;
    }
}
