using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Text;

/// <summary>Goes through the texts of a segment that have a word of the query, in the order of the rows.</summary>
internal sealed class WordCursor
{
    /// <summary>The row of a cursor that has come to its end.</summary>
    public const uint AtEnd = uint.MaxValue;

    private readonly ITermPostings _postings;
    private readonly ITextIndex _texts;
    private readonly WordWeight _weight;
    private int _place;
    private TermBlock _block;

    /// <param name="part">Number of the word in the query.</param>
    public WordCursor(ITermPostings postings, ITextIndex texts, WordWeight weight, int part)
    {
        _postings = postings;
        _texts = texts;
        _weight = weight;
        Part = part;
        Row = postings.RowAt(0);
        _block = postings.BlockOf(0);
        for (TermBlock block = _block; ; block = postings.BlockOf(block.End))
        {
            Bound = Math.Max(Bound, weight.Bound(block));
            if (block.End == postings.Count)
            {
                break;
            }
        }
    }

    public int Part { get; }

    public uint Row { get; private set; }

    /// <summary>What the word adds to a score at most.</summary>
    public double Bound { get; }

    /// <summary>What it adds at most up to <see cref="BlockLast"/>.</summary>
    public double BlockBound => _weight.Bound(_block);

    public uint BlockLast => _block.LastRow;

    /// <summary>What it adds to the score of the row.</summary>
    public double Score() => _weight.Score(_postings.FrequencyAt(_place), _texts.LengthOf(Row));

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
            throw ByteCursor.Malformed("rows of a word that do not ascend");
        }
        if (place >= _block.End)
        {
            _block = _postings.BlockOf(place);
        }
    }
}
