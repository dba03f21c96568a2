using System.Numerics;
using System.Runtime.InteropServices;

namespace SearchEngine.Models.Inference;

/// <summary>
/// Gathers one text's weights per vocabulary entry and hands them out ascending by entry, zeros and special tokens left out.
/// Kept from text to text, so that a text costs no allocation. One thread at a time.
/// </summary>
internal sealed class SparseCollector
{
    private readonly float[] _largest;
    private readonly bool[] _isSpecial;

    /// <param name="vocabulary">Entries of the output.</param>
    /// <param name="special">Ids that stand for no content; those beyond the vocabulary are ignored.</param>
    public SparseCollector(int vocabulary, IEnumerable<int> special)
    {
        _largest = new float[vocabulary];
        _isSpecial = new bool[vocabulary];
        foreach (var id in special)
        {
            if (id < vocabulary)
                _isSpecial[id] = true;
        }
    }

    public int Vocabulary => _largest.Length;

    /// <summary>Starts a text; what was collected before is forgotten.</summary>
    public void Clear() => Array.Clear(_largest);

    /// <summary>A token's weight: the largest of its id stays, those below 0 count as 0.</summary>
    public void Take(int id, float weight) => _largest[id] = Math.Max(_largest[id], weight);

    /// <summary>A token's logits over the vocabulary: element by element, as <see cref="Take"/>.</summary>
    public void TakeRow(ReadOnlySpan<float> row)
    {
        var lanes = MemoryMarshal.Cast<float, Vector<float>>(_largest.AsSpan());
        var rowLanes = MemoryMarshal.Cast<float, Vector<float>>(row);
        for (var i = 0; i < lanes.Length; i++)
            lanes[i] = Vector.Max(lanes[i], rowLanes[i]);
        for (var i = lanes.Length * Vector<float>.Count; i < _largest.Length; i++)
            _largest[i] = Math.Max(_largest[i], row[i]);
    }

    /// <summary>log(1 + x) of every entry, which keeps the largest the largest, so that it is done once per text.</summary>
    public void Dampen()
    {
        for (var i = 0; i < _largest.Length; i++)
        {
            if (_largest[i] > 0)
                _largest[i] = (float)Math.Log(1 + (double)_largest[i]);
        }
    }

    /// <summary>Appends the entries above 0.</summary>
    public void Emit(List<int> indices, List<float> weights)
    {
        for (var i = 0; i < _largest.Length; i++)
        {
            if (_largest[i] > 0 && !_isSpecial[i])
            {
                indices.Add(i);
                weights.Add(_largest[i]);
            }
        }
    }
}
