namespace SearchEngine.Evaluation;

/// <summary>
/// Reference BM25 (Robertson and Zaragoza 2009, with Lucene's idf, which is never negative): the sum over the query's terms of
/// ln(1 + (N - n + 0.5) / (n + 0.5)) * f / (f + k1 * (1 - b + b * length / mean length)). A term that the query repeats counts
/// as often. Small and plain: what others are compared with.
/// </summary>
public sealed class Bm25Index
{
    private readonly Dictionary<string, List<Posting>> _postings = new(StringComparer.Ordinal);
    private readonly List<int> _lengths = [];
    private readonly Bm25Options _options;
    private readonly double _meanLength;

    /// <param name="documents">Terms of each document; how text becomes terms is the caller's choice.</param>
    /// <param name="options">The knobs.</param>
    public Bm25Index(IEnumerable<IReadOnlyList<string>> documents, Bm25Options options)
    {
        _options = options;
        foreach (var terms in documents)
            Add(terms);
        _meanLength = _lengths.Count == 0 ? 0 : _lengths.Average();
    }

    /// <summary>Documents.</summary>
    public int Count => _lengths.Count;

    /// <summary>Scores of all documents by their place; 0 where no term is shared.</summary>
    public double[] Score(IEnumerable<string> query)
    {
        var scores = new double[Count];
        foreach (var term in query)
        {
            if (!_postings.TryGetValue(term, out var postings))
                continue;
            var idf = Math.Log(1 + (Count - postings.Count + 0.5) / (postings.Count + 0.5));
            foreach (var (document, frequency) in postings)
            {
                var length = 1 - _options.LengthShare + _options.LengthShare * _lengths[document] / _meanLength;
                scores[document] += idf * frequency / (frequency + _options.Saturation * length);
            }
        }
        return scores;
    }

    /// <summary>Places of the best documents that share a term, best first; equal scores by place.</summary>
    public (int Document, double Score)[] Search(IEnumerable<string> query, int count)
    {
        var scores = Score(query);
        int[] found = [.. Enumerable.Range(0, scores.Length).Where(document => scores[document] > 0)];
        Array.Sort(found, (left, right) =>
            scores[left] != scores[right] ? scores[right].CompareTo(scores[left]) : left.CompareTo(right));
        return [.. found.Take(count).Select(document => (document, scores[document]))];
    }

    private void Add(IReadOnlyList<string> terms)
    {
        var document = _lengths.Count;
        _lengths.Add(terms.Count);
        foreach (var (term, frequency) in terms.CountBy(term => term, StringComparer.Ordinal))
        {
            if (!_postings.TryGetValue(term, out var postings))
                _postings.Add(term, postings = []);
            postings.Add(new Posting(document, frequency));
        }
    }

    private readonly record struct Posting(int Document, int Frequency);
}
