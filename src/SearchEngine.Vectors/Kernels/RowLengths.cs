using System.Runtime.CompilerServices;

namespace SearchEngine.Vectors.Kernels;

/// <summary>
/// Lengths by which products with rows are divided, one float per row out of a column of stored lengths; none where rows are
/// compared as they are. A view; the memory belongs to a <see cref="RowMemory"/> that the caller keeps alive.
/// </summary>
internal readonly unsafe struct RowLengths
{
    private readonly float* _first;
    private readonly nuint _columns;

    /// <param name="column">Which of the lengths of a row.</param>
    public RowLengths(RowMemory lengths, int column)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, lengths.Stride / sizeof(float));
        _first = (float*)lengths.Address + column;
        _columns = (nuint)(lengths.Stride / sizeof(float));
    }

    public bool IsNone => _first == null;

    /// <summary>The length of a row that exists.</summary>
    public float this[uint ordinal]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _first[ordinal * _columns];
    }

    public void Prefetch(uint ordinal) => Kernels.Prefetch.Lines((byte*)(_first + ordinal * _columns), 1);
}
