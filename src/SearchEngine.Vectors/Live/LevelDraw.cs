using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Live;

/// <summary>The level of a row, drawn from (seed, ordinal) as a build draws it: floor(-ln(u) / ln(M)).</summary>
internal sealed class LevelDraw(int maxLinks, ulong seed)
{
    public const int MaxLevel = 12;

    private readonly double _scale = 1 / Math.Log(maxLinks);
    private readonly ulong _seed = SplitMix.Mix(seed);

    public int Of(uint ordinal)
    {
        ulong draw = SplitMix.Mix(_seed ^ (ordinal * 0xD1342543DE82EF95));
        double u = ((draw >> 11) + 1) * (1.0 / (1ul << 53));
        return Math.Min(MaxLevel, (int)(-Math.Log(u) * _scale));
    }
}
