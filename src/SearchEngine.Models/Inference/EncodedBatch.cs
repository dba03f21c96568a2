using System.Runtime.InteropServices;

namespace SearchEngine.Models.Inference;

/// <summary>
/// The results of a batch by the place of its texts. Kept from batch to batch, so that a batch allocates nothing once it has
/// grown; what it hands out is valid until it is filled again. One thread at a time.
/// </summary>
public sealed class EncodedBatch
{
    private readonly List<float> _dense = [], _multi = [], _weights = [], _scores = [], _classes = [];
    private readonly List<int> _indices = [], _sparseEnds = [], _multiEnds = [];

    /// <summary>Texts.</summary>
    public int Count { get; private set; }

    /// <summary>Elements of each dense vector.</summary>
    public int Dimension { get; private set; }

    /// <summary>Elements of each row of a multi-vector.</summary>
    public int MultiDimension { get; private set; }

    /// <summary>Classes per text.</summary>
    public int ClassCount { get; private set; }

    /// <summary>Tokens that were run, padding included.</summary>
    public long PaddedTokens { get; private set; }

    /// <summary>Tokens of the texts.</summary>
    public long Tokens { get; private set; }

    public ReadOnlySpan<float> Dense(int text) => CollectionsMarshal.AsSpan(_dense).Slice(text * Dimension, Dimension);

    /// <summary>Vocabulary entries of the sparse vector, ascending.</summary>
    public ReadOnlySpan<int> SparseIndices(int text) => Part(CollectionsMarshal.AsSpan(_indices), _sparseEnds, text, 1);

    public ReadOnlySpan<float> SparseWeights(int text) => Part(CollectionsMarshal.AsSpan(_weights), _sparseEnds, text, 1);

    /// <summary>The rows of the multi-vector, one after the other.</summary>
    public ReadOnlySpan<float> Multi(int text) => Part(CollectionsMarshal.AsSpan(_multi), _multiEnds, text, MultiDimension);

    /// <summary>The logit of a pair; <see cref="Pooling.Sigmoid"/> makes a probability of it.</summary>
    public float Score(int text) => _scores[text];

    /// <summary>The logits of the classes; <see cref="Pooling.Softmax"/> makes probabilities of them.</summary>
    public ReadOnlySpan<float> Classes(int text) => CollectionsMarshal.AsSpan(_classes).Slice(text * ClassCount, ClassCount);

    internal void Clear(int dimension, int multiDimension, int classCount)
    {
        (Count, Tokens, PaddedTokens) = (0, 0, 0);
        (Dimension, MultiDimension, ClassCount) = (dimension, multiDimension, classCount);
        _dense.Clear();
        _multi.Clear();
        _weights.Clear();
        _scores.Clear();
        _classes.Clear();
        _indices.Clear();
        _sparseEnds.Clear();
        _multiEnds.Clear();
    }

    internal void AddTexts(int texts, long tokens, long paddedTokens)
    {
        Count += texts;
        Tokens += tokens;
        PaddedTokens += paddedTokens;
    }

    /// <summary>Room for the next text's dense vector.</summary>
    internal Span<float> AddDense() => Grow(_dense, Dimension);

    /// <summary>Room for the next row of the multi-vector that is being added.</summary>
    internal Span<float> AddMultiRow() => Grow(_multi, MultiDimension);

    internal void EndMulti() => _multiEnds.Add(MultiDimension == 0 ? 0 : _multi.Count / MultiDimension);

    internal void AddSparse(SparseCollector collector)
    {
        collector.Emit(_indices, _weights);
        _sparseEnds.Add(_indices.Count);
    }

    internal void AddScore(float logit) => _scores.Add(logit);

    internal Span<float> AddClasses() => Grow(_classes, ClassCount);

    private static ReadOnlySpan<T> Part<T>(Span<T> all, List<int> ends, int text, int width)
    {
        var start = text == 0 ? 0 : ends[text - 1];
        return all[(start * width)..(ends[text] * width)];
    }

    private static Span<float> Grow(List<float> list, int count)
    {
        var start = list.Count;
        CollectionsMarshal.SetCount(list, start + count);
        return CollectionsMarshal.AsSpan(list)[start..];
    }
}
