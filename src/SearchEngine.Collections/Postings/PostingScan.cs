using SearchEngine.Collections.Search;
using SearchEngine.Collections.Storage;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Postings;

/// <summary>
/// Finds the best rows of one segment, document at a time. Parts whose bounds together cannot reach the score that counts any more lead
/// to no document (MaxScore); where the runs of the others cannot either, they are passed over (block maxima).
/// </summary>
internal sealed class PostingScan
{
    private const int DocumentsBetweenLooks = 4096;

    /// <summary>Where scores of both signs cancel out, the error of a sum is of the size of what was summed.</summary>
    private const double Rounding = 1e-11;

    private readonly SourceAccept _accept;
    private readonly BestRows _best;
    private readonly int _source;

    /// <summary>The ones that add the least first.</summary>
    private readonly PostingCursor[] _parts;

    /// <summary>What the parts up to one add at most.</summary>
    private readonly double[] _bounds;

    /// <summary>By part of the query, so that the sum does not depend on the order of the cursors.</summary>
    private readonly double[] _scores;

    /// <summary>By part: the group of which a document must have one. Null where it need not.</summary>
    private readonly int[]? _groups;

    /// <summary>By group: whether the document has it.</summary>
    private readonly bool[] _has;

    /// <summary>Parts before it lead to no document.</summary>
    private int _first;

    public PostingScan(int source, SourceAccept accept, IPostingQuery query, BestRows best)
    {
        _source = source;
        _accept = accept;
        _best = best;
        _parts = [.. query.Cursors(source).OrderBy(static p => p.Bound)];
        _scores = new double[query.Count];
        _groups = query.Groups;
        _has = new bool[query.GroupCount];
        _bounds = new double[_parts.Length];
        double sum = 0;
        for (int i = 0; i < _parts.Length; i++)
        {
            _bounds[i] = sum += _parts[i].Bound;
        }
    }

    /// <summary>Documents whose score was computed.</summary>
    public long Scored { get; private set; }

    /// <returns>False when it was cancelled before the end.</returns>
    public bool Run(CancellationToken cancel)
    {
        for (long looked = 0; ; looked++)
        {
            if (looked % DocumentsBetweenLooks == 0 && cancel.IsCancellationRequested)
            {
                return false;
            }
            while (_first < _parts.Length && _bounds[_first] < _best.Least)
            {
                _first++;
            }
            uint row = NextRow();
            if (row == PostingCursor.AtEnd)
            {
                return true;
            }
            if (TrySkipRuns(row))
            {
                continue;
            }
            if (_accept.Contains(row))
            {
                Score(row);
            }
            for (int i = _first; i < _parts.Length; i++)
            {
                _parts[i].MoveTo(row + 1);
            }
        }
    }

    private uint NextRow()
    {
        uint row = PostingCursor.AtEnd;
        for (int i = _first; i < _parts.Length; i++)
        {
            row = Math.Min(row, _parts[i].Row);
        }
        return row;
    }

    // No row up to the end of the first run that ends can reach the score that counts.
    private bool TrySkipRuns(uint row)
    {
        double most = _first == 0 ? 0 : _bounds[_first - 1];
        uint last = PostingCursor.AtEnd - 1;
        for (int i = _first; i < _parts.Length; i++)
        {
            if (_parts[i].Row == PostingCursor.AtEnd)
            {
                continue;
            }
            if (_parts[i].Row > row)
            {
                // Its run may begin behind the row: then it adds nothing before.
                last = Math.Min(last, _parts[i].Row - 1);
                continue;
            }
            most += _parts[i].RunBound;
            last = Math.Min(last, _parts[i].RunLast);
        }
        if (most >= _best.Least)
        {
            return false;
        }
        if (last < row)
        {
            // Only damage says that a run ends before where its cursor stands; moving there would move nothing, for ever.
            throw ByteCursor.Malformed("rows of postings that do not ascend");
        }
        for (int i = _first; i < _parts.Length; i++)
        {
            _parts[i].MoveTo(last + 1);
        }
        return true;
    }

    private void Score(uint row)
    {
        Array.Clear(_scores);
        double sum = 0, size = 0;
        for (int i = _parts.Length - 1; i >= 0; i--)
        {
            if (i < _first)
            {
                if (sum + _bounds[i] + size * Rounding < _best.Least)
                {
                    return;
                }
                _parts[i].MoveTo(row);
            }
            if (_parts[i].Row == row)
            {
                double part = _scores[_parts[i].Part] = _parts[i].Score();
                sum += part;
                size += Math.Abs(part);
            }
        }
        Scored++;
        double score = 0;
        foreach (double part in _scores)
        {
            score += part;
        }
        if (score >= _best.Least && HasAll(row))
        {
            _best.Add(new RowAddress(_source, row), score);
        }
    }

    private bool HasAll(uint row)
    {
        if (_groups is null)
        {
            return true;
        }
        Array.Clear(_has);
        foreach (PostingCursor part in _parts)
        {
            _has[_groups[part.Part]] |= part.Row == row;
        }
        return Array.TrueForAll(_has, static has => has);
    }
}
