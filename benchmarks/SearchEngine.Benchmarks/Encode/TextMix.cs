namespace SearchEngine.Benchmarks.Encode;

/// <summary>Texts of random words with lengths as corpora have them: most short, a few as long as the model takes.</summary>
internal sealed class TextMix(int seed)
{
    /// <summary>Of the lognormal lengths: half of the texts are shorter, one in a hundred is eight times as long.</summary>
    private const double MedianTokens = 40, Spread = 0.9;

    private const int LeastTokens = 6, SpecialTokens = 2;

    private readonly Random _random = new(seed);

    /// <summary>A text of the mix.</summary>
    public string Next() => Text(Math.Clamp((int)(MedianTokens * Math.Exp(Spread * Gaussian())), LeastTokens, EncodeModel.MaxTokens));

    public string[] Take(int count) => [.. Enumerable.Range(0, count).Select(_ => Next())];

    /// <summary>A text of so many tokens, special ones included.</summary>
    public string Text(int tokens) => string.Join(
        ' ', Enumerable.Range(0, tokens - SpecialTokens).Select(_ => EncodeModel.Word(_random.Next(EncodeModel.Words))));

    /// <summary>A length between two, evenly.</summary>
    public string Between(int least, int most) => Text(_random.Next(least, most + 1));

    /// <summary>Seconds until the next event of so many per second.</summary>
    public double Wait(double perSecond) => -Math.Log(1 - _random.NextDouble()) / perSecond;

    private double Gaussian() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
