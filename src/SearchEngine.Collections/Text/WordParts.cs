using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Text;

/// <summary>The words of a query in the fields of a view: each with its weight and its postings in every segment.</summary>
internal sealed class WordParts
{
    private readonly List<(WordWeight Weight, ITextIndex[] Texts, ITermPostings?[] Postings)> _parts = [];

    private WordParts()
    {
    }

    public int Count => _parts.Count;

    public static WordParts Of(View view, TextQuery query)
    {
        var parts = new WordParts();
        foreach ((int position, double weight) in query.Fields)
        {
            TextSchema schema = view.Schema.Texts[position];
            ITextIndex[] texts = [.. view.Sources.Select(source => source.Texts(position))];
            long documents = texts.Sum(static t => t.Documents), words = texts.Sum(static t => t.Words);
            foreach ((string word, int times) in query.Words)
            {
                ITermPostings?[] postings = [.. texts.Select(t => t.Find(word))];
                long matches = postings.Sum(static p => (long)(p?.Count ?? 0));
                if (matches > 0)
                {
                    var worth = new WordWeight(weight * times, matches, documents, words, schema.Saturation, schema.LengthWeight);
                    parts._parts.Add((worth, texts, postings));
                }
            }
        }
        return parts;
    }

    /// <summary>Cursors of one segment at the first row of each word that it has.</summary>
    public IEnumerable<WordCursor> Cursors(int source)
    {
        for (int part = 0; part < _parts.Count; part++)
        {
            if (_parts[part].Postings[source] is { } postings)
            {
                yield return new WordCursor(postings, _parts[part].Texts[source], _parts[part].Weight, part);
            }
        }
    }
}
