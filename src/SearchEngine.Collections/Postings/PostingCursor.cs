using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Postings;

/// <summary>Goes through the rows of a segment that have a part of the query, in their order.</summary>
internal sealed class PostingCursor
{
    /// <summary>The row of a cursor that has come to its end.</summary>
    public const uint AtEnd = uint.MaxValue;

    private readonly IPostings _postings;
    private readonly IPostingScorer _scorer;
    private int _place;
    private PostingRun _run;

    /// <param name="part">Number of the part in the query.</param>
    public PostingCursor(IPostings postings, IPostingScorer scorer, int part)
    {
        _postings = postings;
        _scorer = scorer;
        Part = part;
        Row = postings.RowAt(0);
        _run = postings.RunOf(0);
        RunBound = scorer.Bound(_run);
        for (PostingRun run = _run; ; run = postings.RunOf(run.End))
        {
            Bound = Math.Max(Bound, scorer.Bound(run));
            if (run.End == postings.Count)
            {
                break;
            }
        }
    }

    public int Part { get; }

    public uint Row { get; private set; }

    /// <summary>What the part adds to a score at most.</summary>
    public double Bound { get; }

    /// <summary>What it adds at most up to <see cref="RunLast"/>.</summary>
    public double RunBound { get; private set; }

    public uint RunLast => _run.LastRow;

    /// <summary>What it adds to the score of the row.</summary>
    public double Score() => _scorer.Score(Row, _postings.ValueAt(_place));

    public void MoveNext() => Stand(_place + 1, Row + 1);

    /// <summary>Goes to the first row that is not before a row.</summary>
    public void MoveTo(uint row)
    {
        if (Row < row)
        {
            Stand(_postings.FirstAtLeast(row, _place + 1), row);
        }
    }

    private void Stand(int place, uint least)
    {
        _place = place;
        if (place == _postings.Count)
        {
            Row = AtEnd;
            return;
        }
        Row = _postings.RowAt(place);
        if (Row < least)
        {
            throw ByteCursor.Malformed("rows of postings that do not ascend");
        }
        if (place >= _run.End)
        {
            _run = _postings.RunOf(place);
            RunBound = _scorer.Bound(_run);
        }
    }
}
