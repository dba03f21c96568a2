using SearchEngine.Vectors.Graph;

namespace SearchEngine.Vectors.Live;

/// <summary>
/// Changes link rows of a live graph: one row at a time under its lock, links chosen outside of it and checked against
/// the row's changes afterwards. Keeps the inbound counts of level 0. One thread.
/// </summary>
internal sealed class LiveEdges(LiveIndex index, LinkChooser chooser)
{
    /// <summary>Choices made in vain before one is made under the lock.</summary>
    private const int MaxAttempts = 3;

    private readonly uint[] _row = new uint[64];
    private readonly uint[] _chosen = new uint[64];
    private readonly DeadCrossing _crossing = new();

    /// <summary>Rows that pruning took the last link from, and that the caller links anew.</summary>
    public LostRows Lost { get; } = new();

    /// <summary>Writes the links a new row chose, beside those that other writers have already given it.</summary>
    public void Join(int level, uint ordinal, ReadOnlySpan<uint> links)
    {
        LiveLevel rows = index.Levels[level];
        index.Locks.Enter(ordinal);
        foreach (uint link in links)
        {
            ReadOnlySpan<uint> row = rows.Links(ordinal);
            if (row.Length < rows.Width && !row.Contains(link))
            {
                rows.Append(ordinal, link);
                Count(level, link);
            }
        }
        index.Locks.Change(ordinal);
        index.Locks.Exit(ordinal);
    }

    /// <summary>Offers the link <paramref name="to"/> to a row that has room or prunes for it.</summary>
    public void LinkBack(int level, uint from, uint to)
    {
        LiveLevel rows = index.Levels[level];
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            index.Locks.Enter(from);
            if (IsSettled(rows, level, from, to))
            {
                index.Locks.Exit(from);
                return;
            }
            int degree = rows.Copy(from, _row), changes = index.Locks.Changes(from);
            index.Locks.Exit(from);
            int chosen = Prune(from, to, degree, rows.Width);
            index.Locks.Enter(from);
            bool unchanged = index.Locks.Changes(from) == changes && !index.Dead.Contains(from);
            if (unchanged)
            {
                Replace(rows, level, from, _row.AsSpan(0, degree), chosen);
            }
            index.Locks.Exit(from);
            if (unchanged)
            {
                return;
            }
        }
        index.Locks.Enter(from);
        if (!IsSettled(rows, level, from, to))
        {
            int degree = rows.Copy(from, _row);
            Replace(rows, level, from, _row.AsSpan(0, degree), Prune(from, to, degree, rows.Width));
        }
        index.Locks.Exit(from);
    }

    /// <summary>Links to a row from one of level 0 if that has room.</summary>
    public bool TryAppend(uint from, uint to)
    {
        LiveLevel ground = index.Levels[0];
        index.Locks.Enter(from);
        bool fits = !index.Dead.Contains(from) && ground.Links(from).Length < ground.Width;
        if (fits && !ground.Links(from).Contains(to))
        {
            AppendLocked(ground, 0, from, to);
        }
        index.Locks.Exit(from);
        return fits;
    }

    /// <summary>
    /// Links to a row from the first of <paramref name="nearest"/> that has room, else from the first that can spare its
    /// farthest: evicting at once would wear out the rows that everyone is near to.
    /// </summary>
    /// <returns>False when none could.</returns>
    public bool Force(ReadOnlySpan<uint> nearest, uint to)
    {
        foreach (uint from in nearest)
        {
            if (from != to && TryAppend(from, to))
            {
                return true;
            }
        }
        LiveLevel ground = index.Levels[0];
        foreach (uint from in nearest)
        {
            index.Locks.Enter(from);
            bool linked = from != to && !index.Dead.Contains(from)
                && (IsSettled(ground, 0, from, to) || ReplaceFarthest(ground, from, to));
            index.Locks.Exit(from);
            if (linked)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>
    /// Replaces the dead links of a row by the best of what the dead ones led to. The row keeps as many links as it had:
    /// pruning alone would thin it out a little at every death.
    /// </summary>
    public bool Repair(int level, uint ordinal)
    {
        LiveLevel rows = index.Levels[level];
        index.Locks.Enter(ordinal);
        int degree = index.Dead.Contains(ordinal) ? 0 : rows.Copy(ordinal, _row);
        int changes = index.Locks.Changes(ordinal);
        index.Locks.Exit(ordinal);
        Span<uint> old = _row.AsSpan(0, degree);
        if (!_crossing.Run(new MortalLevel(rows, index.Dead), old))
        {
            return false;
        }
        chooser.Begin(ordinal);
        foreach (uint live in _crossing.Live)
        {
            chooser.Add(live);
        }
        chooser.Measure();
        ReadOnlySpan<Neighbour> links = chooser.ChooseBeside(_crossing.Kept, degree);
        int chosen = TakeOrdinals(links);
        index.Locks.Enter(ordinal);
        bool unchanged = index.Locks.Changes(ordinal) == changes && !index.Dead.Contains(ordinal);
        if (unchanged)
        {
            Replace(rows, level, ordinal, old, chosen);
        }
        index.Locks.Exit(ordinal);
        return unchanged;
    }

    // True when nothing is left to choose: the link stands, the row is dead, or it had room.
    private bool IsSettled(LiveLevel rows, int level, uint from, uint to)
    {
        ReadOnlySpan<uint> row = rows.Links(from);
        if (index.Dead.Contains(from) || row.Contains(to))
        {
            return true;
        }
        if (row.Length == rows.Width)
        {
            return false;
        }
        AppendLocked(rows, level, from, to);
        return true;
    }

    private void AppendLocked(LiveLevel rows, int level, uint from, uint to)
    {
        rows.Append(from, to);
        Count(level, to);
        index.Locks.Change(from);
    }

    private int Prune(uint from, uint to, int degree, int width)
    {
        chooser.Begin(from);
        chooser.Add(to);
        for (int i = 0; i < degree; i++)
        {
            chooser.Add(_row[i]);
        }
        chooser.Measure();
        return TakeOrdinals(chooser.Choose(width));
    }

    private int TakeOrdinals(ReadOnlySpan<Neighbour> links)
    {
        for (int i = 0; i < links.Length; i++)
        {
            _chosen[i] = links[i].Ordinal;
        }
        return links.Length;
    }

    // A link that is the last to its row stays while there is room; without room the row is noted as lost.
    private void Replace(LiveLevel rows, int level, uint ordinal, ReadOnlySpan<uint> old, int chosen)
    {
        foreach (uint link in level == 0 ? old : default)
        {
            if (_chosen.AsSpan(0, chosen).Contains(link))
            {
                continue;
            }
            if (!index.Dead.Contains(link) && chosen < rows.Width && !index.Inbound.TryRelease(link))
            {
                _chosen[chosen++] = link;
            }
            else if (chosen == rows.Width || index.Dead.Contains(link))
            {
                bool isLost = index.Inbound.Drop(link) <= 0 && !index.Dead.Contains(link);
                if (isLost)
                {
                    Lost.Note(link);
                }
            }
        }
        for (int i = 0; i < chosen && level == 0; i++)
        {
            if (!old.Contains(_chosen[i]))
            {
                index.Inbound.Add(_chosen[i]);
            }
        }
        rows.Rewrite(ordinal, _chosen.AsSpan(0, chosen));
        index.Locks.Change(ordinal);
    }

    private bool ReplaceFarthest(LiveLevel ground, uint from, uint to)
    {
        int degree = ground.Copy(from, _row);
        chooser.Begin(from);
        for (int i = 0; i < degree; i++)
        {
            chooser.Add(_row[i]);
        }
        chooser.Measure();
        ReadOnlySpan<Neighbour> nearest = chooser.Candidates;
        for (int i = nearest.Length - 1; i >= 0; i--)
        {
            uint victim = nearest[i].Ordinal;
            if (index.Inbound.TryRelease(victim))
            {
                _row[_row.AsSpan(0, degree).IndexOf(victim)] = to;
                ground.Rewrite(from, _row.AsSpan(0, degree));
                index.Inbound.Add(to);
                index.Locks.Change(from);
                return true;
            }
        }
        return false;
    }

    private void Count(int level, uint link)
    {
        if (level == 0)
        {
            index.Inbound.Add(link);
        }
    }

    private readonly struct MortalLevel(LiveLevel rows, Tombstones dead) : IMortalGraph
    {
        public bool IsDead(uint ordinal) => dead.Contains(ordinal);

        public int CopyLinks(uint ordinal, Span<uint> links) => rows.Copy(ordinal, links);
    }
}
