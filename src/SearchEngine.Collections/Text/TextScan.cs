using SearchEngine.Collections.Search;
using SearchEngine.Collections.Storage;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Text;

/// <summary>
/// Finds the best texts of one segment, document at a time. Words whose bounds together cannot reach the score that counts any more lead
/// to no document (MaxScore); where the runs of the others cannot either, they are passed over (block maxima).
/// </summary>
internal sealed class TextScan
{
    private const int DocumentsBetweenLooks = 4096;

    private readonly SourceAccept _accept;
    private readonly BestTexts _best;
    private readonly int _source;

    /// <summary>The ones that add the least first.</summary>
    private readonly WordCursor[] _words;

    /// <summary>What the words up to one add at most.</summary>
    private readonly double[] _bounds;

    /// <summary>By part of the query, so that the sum does not depend on the order of the cursors.</summary>
    private readonly double[] _scores;
    private readonly WordParts _parts;

    /// <summary>By word of the query: whether the document has it. Null where it need not have all of them.</summary>
    private readonly bool[]? _has;

    /// <summary>Words before it lead to no document.</summary>
    private int _first;

    public TextScan(int source, SourceAccept accept, WordParts parts, WordMatch match, BestTexts best)
    {
        _source = source;
        _accept = accept;
        _best = best;
        _parts = parts;
        _words = [.. parts.Cursors(source).OrderBy(static w => w.Bound)];
        _scores = new double[parts.Count];
        _has = match == WordMatch.All ? new bool[parts.Words] : null;
        _bounds = new double[_words.Length];
        double sum = 0;
        for (int i = 0; i < _words.Length; i++)
        {
            _bounds[i] = sum += _words[i].Bound;
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
            while (_first < _words.Length && _bounds[_first] < _best.Least)
            {
                _first++;
            }
            uint row = NextRow();
            if (row == WordCursor.AtEnd)
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
            for (int i = _first; i < _words.Length; i++)
            {
                _words[i].MoveTo(row + 1);
            }
        }
    }

    private uint NextRow()
    {
        uint row = WordCursor.AtEnd;
        for (int i = _first; i < _words.Length; i++)
        {
            row = Math.Min(row, _words[i].Row);
        }
        return row;
    }

    // No row up to the end of the first run that ends can reach the score that counts.
    private bool TrySkipRuns(uint row)
    {
        double most = _first == 0 ? 0 : _bounds[_first - 1];
        uint last = WordCursor.AtEnd - 1;
        for (int i = _first; i < _words.Length; i++)
        {
            if (_words[i].Row == WordCursor.AtEnd)
            {
                continue;
            }
            if (_words[i].Row > row)
            {
                // Its run may begin behind the row: then it adds nothing before.
                last = Math.Min(last, _words[i].Row - 1);
                continue;
            }
            most += _words[i].BlockBound;
            last = Math.Min(last, _words[i].BlockLast);
        }
        if (most >= _best.Least)
        {
            return false;
        }
        if (last < row)
        {
            // Only damage says that a run ends before where its cursor stands; moving there would move nothing, for ever.
            throw ByteCursor.Malformed("rows of a word that do not ascend");
        }
        for (int i = _first; i < _words.Length; i++)
        {
            _words[i].MoveTo(last + 1);
        }
        return true;
    }

    private void Score(uint row)
    {
        Array.Clear(_scores);
        double sum = 0;
        for (int i = _words.Length - 1; i >= 0; i--)
        {
            if (i < _first)
            {
                if (sum + _bounds[i] < _best.Least)
                {
                    return;
                }
                _words[i].MoveTo(row);
            }
            if (_words[i].Row == row)
            {
                sum += _scores[_words[i].Part] = _words[i].Score();
            }
        }
        Scored++;
        double score = 0;
        foreach (double part in _scores)
        {
            score += part;
        }
        if (score >= _best.Least && HasAll())
        {
            _best.Add(new RowAddress(_source, row), score);
        }
    }

    private bool HasAll()
    {
        if (_has is null)
        {
            return true;
        }
        Array.Clear(_has);
        for (int part = 0; part < _scores.Length; part++)
        {
            // What a word adds is never 0: its idf is not.
            _has[_parts.WordOf(part)] |= _scores[part] > 0;
        }
        return Array.TrueForAll(_has, static has => has);
    }
}
