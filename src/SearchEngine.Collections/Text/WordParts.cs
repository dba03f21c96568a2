using SearchEngine.Collections.Postings;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Text;

/// <summary>The words of a query in the fields of a view: each with its weight and its postings in every segment.</summary>
internal sealed class WordParts : IPostingQuery
{
    private readonly List<(WordWeight Weight, ITextIndex[] Texts, IPostings?[] Postings, WordAt At, long Count)> _parts = [];

    private readonly View _view;
    private readonly TextQuery _query;

    private WordParts(View view, TextQuery query) => (_view, _query) = (view, query);

    public int Count => _parts.Count;

    public ScoreBounds? Bounds => new ScoreBounds(0, _parts.Sum(static p => p.Weight.Most));

    /// <summary>Where a document must have all words: each word is a group, whichever fields it is found in.</summary>
    public int[]? Groups => _query.Match == WordMatch.All ? [.. _parts.Select(static p => p.At.Word)] : null;

    public int GroupCount => _query.Words.Count;

    public long Postings => _parts.Sum(static p => p.Count);

    public static WordParts Of(View view, TextQuery query)
    {
        var parts = new WordParts(view, query);
        foreach ((int position, double weight) in query.Fields)
        {
            TextSchema schema = view.Schema.Texts[position];
            ITextIndex[] texts = [.. view.Sources.Select(source => source.Texts(position))];
            long documents = texts.Sum(static t => t.Documents), words = texts.Sum(static t => t.Words);
            for (int at = 0; at < query.Words.Count; at++)
            {
                (string word, int times) = query.Words[at];
                IPostings?[] postings = [.. texts.Select(t => t.Find(word))];
                long matches = postings.Sum(static p => (long)(p?.Count ?? 0));
                if (matches > 0)
                {
                    var worth = new WordWeight(weight * times, matches, documents, words, schema.Saturation, schema.LengthWeight);
                    parts._parts.Add((worth, texts, postings, new WordAt(at, position), matches));
                }
            }
        }
        return parts;
    }

    public IEnumerable<PostingCursor> Cursors(int source)
    {
        for (int part = 0; part < _parts.Count; part++)
        {
            if (_parts[part].Postings[source] is { } postings)
            {
                yield return new PostingCursor(postings, new WordScorer(_parts[part].Weight, _parts[part].Texts[source]), part);
            }
        }
    }

    /// <summary>What each part adds to the score of a row, without those that it does not have.</summary>
    public IReadOnlyList<WordScore> ScoresOf(RowAddress row)
    {
        var scores = new List<WordScore>();
        foreach (PostingCursor cursor in Cursors(row.Source))
        {
            cursor.MoveTo(row.Ordinal);
            if (cursor.Row == row.Ordinal)
            {
                WordAt at = _parts[cursor.Part].At;
                scores.Add(new WordScore(_view.Schema.Texts[at.Field].Name, _query.Words[at.Word].Word, cursor.Score()));
            }
        }
        return scores;
    }

    /// <summary>Positions of a word in the query and of a field in the schema.</summary>
    private readonly record struct WordAt(int Word, int Field);
}
