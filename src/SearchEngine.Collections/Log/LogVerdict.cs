namespace SearchEngine.Collections.Log;

/// <summary>
/// Judges the holes of a scanned file. A hole before which everything is proven durable is damage: reading goes on behind it. A
/// hole that nothing proves durable ends the log: it is in a group that was never acknowledged, whose later pages may have
/// reached the disk before the earlier ones. Where the sequence goes on behind a hole that is not proven, a synced mark was in it,
/// which had not been synced itself.
/// </summary>
internal sealed class LogVerdict
{
    private readonly string _path;
    private readonly LogScan _scan;
    private readonly bool _allProven;

    private LogVerdict(string path, LogScan scan, ulong last, bool allProven)
    {
        _path = path;
        _scan = scan;
        _allProven = allProven;
        Last = last;
        End = LogFormat.RecordsAt;
    }

    /// <summary>Where the records are.</summary>
    public List<LogStretch> Kept { get; } = [];

    public List<LogDamage> Damages { get; } = [];

    /// <summary>Synced marks that did not reach the disk: where they were, and their sequences.</summary>
    public List<(long Offset, ulong Sequence)> LostMarks { get; } = [];

    /// <summary>Last sequence that was read or is known to be lost.</summary>
    public ulong Last { get; private set; }

    /// <summary>Where the file is to go on, or to be cut.</summary>
    public long End { get; private set; }

    public long TornBytes { get; private set; }

    public int TornRecords { get; private set; }

    /// <param name="last">Last sequence before this file.</param>
    /// <param name="allProven">A later file exists, so all of this one was durable.</param>
    public static LogVerdict Of(string path, LogScan scan, ulong last, bool allProven)
    {
        var verdict = new LogVerdict(path, scan, last, allProven);
        verdict.Judge();
        return verdict;
    }

    private void Judge()
    {
        for (int i = 0; i < _scan.Stretches.Count; i++)
        {
            LogStretch stretch = _scan.Stretches[i];
            if (!stretch.IsHole)
            {
                Keep(stretch);
            }
            else if (!TryPass(stretch, i + 1))
            {
                Cut(i);
                return;
            }
        }

        if (_scan.ProvenSequence > Last)
        {
            Lose(End, End, _scan.ProvenSequence, "records before a synced mark are missing");
        }
    }

    private void Keep(LogStretch stretch)
    {
        if (stretch.HasRecords)
        {
            if (stretch.First > Last + 1)
            {
                Lose(stretch.From, stretch.From, stretch.First - 1, "the sequence jumps");
            }

            Last = stretch.Last;
        }

        Kept.Add(stretch);
        End = stretch.To;
    }

    /// <summary>False when the log ends at the hole.</summary>
    private bool TryPass(LogStretch hole, int next)
    {
        LogStretch? records = _scan.Stretches.Skip(next).FirstOrDefault(static stretch => stretch.HasRecords);
        bool proven = _allProven || _scan.ProvenEnd > hole.From;
        if (!proven && records?.First == Last + 1 && hole.To - hole.From == LogFormat.SyncedBytes)
        {
            LostMarks.Add((hole.From, Last));
        }
        else if (records is not null && (proven || records.First == Last + 1))
        {
            Lose(hole.From, hole.To, records.First - 1, "bytes between records are not what was written");
        }
        else if (proven && _scan.ProvenSequence > Last)
        {
            Lose(hole.From, hole.To, _scan.ProvenSequence, "bytes behind the last record are not what was written");
        }
        else if (!proven || records is not null)
        {
            return false;
        }
        else if (!hole.IsZeros)
        {
            // All that is missing can be a mark, unless the next file begins with a later sequence, which is judged there.
            Lose(hole.From, hole.To, Last, "bytes behind the last record are not what was written");
        }

        return true;
    }

    private void Cut(int hole)
    {
        IEnumerable<LogStretch> rest = _scan.Stretches.Skip(hole);
        LogStretch first = _scan.Stretches[hole];
        if (hole == _scan.Stretches.Count - 1 && first.IsZeros)
        {
            return;
        }

        TornBytes = _scan.Stretches[^1].To - first.From;
        TornRecords = rest.Where(static stretch => stretch.HasRecords).Sum(static stretch => (int)(stretch.Last - stretch.First + 1));
    }

    private void Lose(long from, long to, ulong lastLost, string what)
    {
        bool lost = lastLost > Last;
        Damages.Add(new LogDamage(_path, from, to, lost ? Last + 1 : 0, lost ? lastLost : 0, what));
        Last = Math.Max(Last, lastLost);
    }
}
