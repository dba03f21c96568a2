namespace SearchEngine.Collections.Text;

/// <summary>
/// What a word of the query is worth in one field: BM25 with an idf that is never negative,
/// ln(1 + (N - n + 1/2) / (n + 1/2)) * f / (f + k1 * (1 - b + b * length / mean length)).
/// </summary>
internal readonly struct WordWeight
{
    /// <summary>Bounds are summed in another order than scores: so much more is allowed for rounding.</summary>
    private const double Rounding = 1 + 1e-9;

    private readonly double _weight;
    private readonly double _constant;
    private readonly double _perWord;

    /// <param name="weight">Of the field, times how often the query has the word.</param>
    /// <param name="matches">n: texts with the word.</param>
    /// <param name="documents">N: texts.</param>
    /// <param name="words">Of all texts.</param>
    public WordWeight(double weight, long matches, long documents, long words, double saturation, double lengthWeight)
    {
        _weight = weight * Math.Log(1 + (documents - matches + 0.5) / (matches + 0.5));
        _constant = saturation * (1 - lengthWeight);
        _perWord = words == 0 ? 0 : saturation * lengthWeight * documents / words;
    }

    /// <summary>What no text surpasses.</summary>
    public double Most => _weight;

    public double Score(uint frequency, uint length) => _weight * frequency / (frequency + _constant + _perWord * length);

    /// <summary>What no text surpasses that has the word no more often and is no shorter.</summary>
    public double Bound(uint mostFrequent, uint shortest) => Score(mostFrequent, shortest) * Rounding;
}
