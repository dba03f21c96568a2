using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Live;

/// <summary>One writer's scratch: it links rows into a live graph while others write and read. One thread at a time.</summary>
internal sealed class LiveWorker : IDisposable
{
    /// <summary>Candidates of one choice: the pool of a walk, the writers at work, a few rows of links.</summary>
    private const int MostCandidates = 1024;

    private const int MaxWidening = 4;

    private readonly LiveIndex _index;
    private readonly WritersAtWork _writers;
    private readonly int _writer;
    private readonly uint[] _others;
    private readonly uint[] _links = new uint[64];
    private readonly uint[] _twins = new uint[256];

    public LiveWorker(LiveRows rows, LiveIndex index, WritersAtWork writers, int writer, int mostWriters)
    {
        _index = index;
        _writers = writers;
        _writer = writer;
        _others = new uint[mostWriters];
        Reader = new CodeSpaceReader(index.Space);
        Chooser = new LinkChooser(Reader, MostCandidates);
        Scratch = new WalkScratch(rows.Capacity);
        Edges = new LiveEdges(index, Chooser);
    }

    public CodeSpaceReader Reader { get; }

    public LinkChooser Chooser { get; }

    public WalkScratch Scratch { get; }

    public LiveEdges Edges { get; }

    /// <summary>Links a row that this writer has taken.</summary>
    public void Link(uint ordinal)
    {
        _index.Begin(ordinal);
        if (_index.Dead.Contains(ordinal) || (!_index.HasEntry && _index.TryBeFirst(ordinal)))
        {
            return;
        }
        _writers.Enter(_writer, ordinal);
        try
        {
            int others = _writers.Others(_writer, _others);
            LinkLevels(ordinal, _others.AsSpan(0, others));
            _index.OfferEntry(ordinal);
        }
        finally
        {
            _writers.Leave(_writer);
        }
    }

    /// <summary>Links the rows that this worker's prunings took the last link from.</summary>
    public void RescueLost()
    {
        while (Edges.Lost.TryTake(out uint lost))
        {
            if (_index.Inbound.Of(lost) <= 0 && !_index.Dead.Contains(lost))
            {
                LiveDeletion.Rescue(_index, this, lost);
            }
        }
    }

    /// <summary>Walks level 0 towards a row; the pool then holds what is near it, itself perhaps included.</summary>
    public void WalkTowards(uint ordinal, int breadth)
    {
        CodeScorer scorer = Reader.ScorerTowards(ordinal);
        Candidate<int> entry = Descend(scorer, 0);
        Scratch.Reset(breadth, breadth);
        Scratch.Start(entry);
        GraphSearcher.Walk(scorer, _index.Levels[0].Table, Scratch, StopRule.Breadth);
    }

    public void Dispose()
    {
        Reader.Dispose();
        Scratch.Dispose();
    }

    private void LinkLevels(uint ordinal, ReadOnlySpan<uint> others)
    {
        CodeScorer scorer = Reader.ScorerTowards(ordinal);
        int top = Math.Min(_index.LevelOf(ordinal), _index.Entry.Level);
        Candidate<int> entry = Descend(scorer, top);
        for (int level = top; level >= 0; level--)
        {
            WalkPastDead(scorer, level, entry);
            entry = new Candidate<int>(Scratch.Pool.OrdinalAt(0), Scratch.Pool.ScoreAt(0));
            Gather(ordinal, level, others);
            ReadOnlySpan<uint> twins = FindTwins(ordinal);
            if (twins.Length == 0)
            {
                LinkRow(ordinal, level);
            }
            else if (level == 0)
            {
                LinkTwin(ordinal, twins);
            }
        }
    }

    // Where a cluster has died, dead rows fill the pool: then it looks wider for live ones.
    private void WalkPastDead(in CodeScorer scorer, int level, Candidate<int> entry)
    {
        int breadth = _index.Options.Breadth;
        for (int widening = 1; widening <= MaxWidening; widening *= 2)
        {
            Scratch.Reset(breadth * widening, breadth * widening);
            Scratch.Start(entry);
            GraphSearcher.Walk(scorer, _index.Levels[level].Table, Scratch, StopRule.Breadth);
            int live = 0;
            for (int i = 0; i < Scratch.Pool.Count; i++)
            {
                live += _index.Dead.Contains(Scratch.Pool.OrdinalAt(i)) ? 0 : 1;
            }
            if (2 * live >= breadth || Scratch.Pool.Count < breadth * widening)
            {
                return;
            }
        }
    }

    private Candidate<int> Descend(in CodeScorer scorer, int to)
    {
        (uint first, int level) = _index.Entry;
        Candidate<int> entry = Descent.ScoreOne(scorer, first, Scratch);
        for (; level > to; level--)
        {
            entry = Descent.Run(scorer, _index.Levels[level].Table, entry, Scratch);
        }
        return entry;
    }

    private void Gather(uint ordinal, int level, ReadOnlySpan<uint> others)
    {
        Chooser.Begin(ordinal);
        for (int i = 0; i < Scratch.Pool.Count; i++)
        {
            AddLive(Scratch.Pool.OrdinalAt(i));
        }
        foreach (uint other in others)
        {
            if (_index.LevelOf(other) >= level)
            {
                AddLive(other);
            }
        }
        Chooser.Measure();
    }

    private void AddLive(uint ordinal)
    {
        if (!_index.Dead.Contains(ordinal))
        {
            Chooser.Add(ordinal);
        }
    }

    private void LinkRow(uint ordinal, int level)
    {
        int most = level == 0 ? _index.Options.OwnBaseLinks : _index.Options.MaxLinks;
        ReadOnlySpan<Neighbour> chosen = Chooser.Choose(most);
        Span<uint> links = _links.AsSpan(0, chosen.Length);
        for (int i = 0; i < links.Length; i++)
        {
            links[i] = chosen[i].Ordinal;
        }
        Edges.Join(level, ordinal, links);
        foreach (uint link in links)
        {
            Edges.LinkBack(level, link, ordinal);
        }
        if (level == 0 && links.Length > 0 && _index.Inbound.Of(ordinal) == 0)
        {
            LiveDeletion.Rescue(_index, this, ordinal);
        }
    }

    private ReadOnlySpan<uint> FindTwins(uint ordinal)
    {
        int count = 0;
        foreach (Neighbour candidate in Chooser.Candidates)
        {
            if (count < _twins.Length && _index.AreTwins(ordinal, candidate.Ordinal))
            {
                _twins[count++] = candidate.Ordinal;
            }
        }
        return _twins.AsSpan(0, count);
    }

    // A row whose code equals an earlier one's. Equal rows would fill each other's link rows and become an island, so it
    // hangs below one that has room: whoever meets one meets them all. On upper levels one of them is enough.
    private void LinkTwin(uint ordinal, ReadOnlySpan<uint> twins)
    {
        foreach (uint twin in twins)
        {
            if (Edges.TryAppend(twin, ordinal))
            {
                Edges.Join(0, ordinal, [twin]);
                return;
            }
        }
        Edges.Join(0, ordinal, twins[..1]);
        Edges.Force(twins, ordinal);
    }
}
