using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Quantization;

/// <summary>
/// An orthogonal random rotation from the caller's coordinates into code coordinates: scalar products and distances are
/// kept, and every coordinate gets an equal share of the variance, which is what makes one global scale enough.
/// With cut points the rotation is block-diagonal, so the products of prefixes are kept too (Matryoshka embeddings).
/// Each block is padded to a multiple of 64. Immutable; any thread.
/// </summary>
internal sealed class Rotation
{
    public const int Granule = 64;

    private readonly Block[] _blocks;

    public Rotation(int dimension, ReadOnlySpan<int> cuts, ulong seed)
    {
        Dimension = dimension;
        _blocks = new Block[cuts.Length + 1];
        int from = 0, codeFrom = 0;
        for (int b = 0; b < _blocks.Length; b++)
        {
            int to = b < cuts.Length ? cuts[b] : dimension;
            if (to <= from || to > dimension || (b < cuts.Length && to == dimension))
            {
                throw new ArgumentException("Cut points rise strictly between 0 and the dimension.", nameof(cuts));
            }
            int width = (to - from + Granule - 1) / Granule * Granule;
            int block = 1;
            while (block * 2 <= width)
            {
                block *= 2;
            }
            _blocks[b] = new Block(from, to - from, codeFrom, width, block, Signs(width, seed, b));
            from = to;
            codeFrom += width;
        }
        CodeDimension = codeFrom;
    }

    private Rotation(Rotation turned)
    {
        Dimension = turned.Dimension;
        CodeDimension = turned.CodeDimension;
        _blocks = [.. turned._blocks.Select(b => b with { Signs = [] })];
    }

    public int Dimension { get; }

    public int CodeDimension { get; }

    /// <summary>Coordinates as they are, padded as rotated ones: for rows whose bytes are their own codes.</summary>
    public static Rotation None(int dimension, ReadOnlySpan<int> cuts) => new(new Rotation(dimension, cuts, 0));

    /// <summary>Where the codes of the first <paramref name="dimension"/> coordinates end; it must be a cut or the whole.</summary>
    public int CodePrefix(int dimension)
    {
        foreach (Block block in _blocks)
        {
            if (block.From + block.Length == dimension)
            {
                return block.CodeFrom + block.Width;
            }
        }
        throw new ArgumentException($"{dimension} is not a declared cut point; prefixes end where the rotation's blocks do.", nameof(dimension));
    }

    /// <param name="values">Dimension coordinates.</param>
    /// <param name="rotated">Receives CodeDimension coordinates.</param>
    public void Apply(ReadOnlySpan<float> values, Span<float> rotated)
    {
        foreach (Block block in _blocks)
        {
            Span<float> part = rotated.Slice(block.CodeFrom, block.Width);
            values.Slice(block.From, block.Length).CopyTo(part);
            part[block.Length..].Clear();
            if (block.Signs.Length > 0)
            {
                Hadamard.Rotate(part, block.Signs, block.Power);
            }
        }
    }

    private static float[] Signs(int width, ulong seed, int block)
    {
        var random = new SplitMix(seed + (ulong)block * 0x9E3779B97F4A7C15);
        var signs = new float[Hadamard.Rounds * width];
        for (int j = 0; j < signs.Length; j++)
        {
            signs[j] = (random.Next() & 1) == 0 ? 1f : -1f;
        }
        return signs;
    }

    private sealed record Block(int From, int Length, int CodeFrom, int Width, int Power, float[] Signs);
}
