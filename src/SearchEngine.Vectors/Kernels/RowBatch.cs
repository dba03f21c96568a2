using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SearchEngine.Vectors.Kernels;

/// <summary>
/// Rows of a scan and what each of them scores, for kernels that take some hundred rows a call: four rows a call cost a scan twice as
/// much (3.9 against 1.8 ns a row of 128 bytes, 2026-11-26). Scratch of one search.
/// </summary>
internal sealed unsafe class RowBatch : IDisposable
{
    /// <summary>Rows that are added at once; a multiple of 4.</summary>
    public const int Step = 256;

    /// <summary>Rows of a full batch. So many that the nearest of the first batch bound those of the others well, so few that a batch stays in the
    /// caches: of 1,024, 4,096, 16,384 rows scans of 10,000 rows of 768 took 60, 52, 51 us (2026-11-26).</summary>
    public const int Rows = 16 * Step;

    /// <summary>Rows of the next step that are known already, so that their lines are asked for in time.</summary>
    private const int Ahead = 32;

    private const int WordBits = 64;

    /// <summary>Scores that are compared at once.</summary>
    private const int Stride = 32;

    /// <summary>Room behind the end for whole vectors.</summary>
    private const int Slack = 16;

    private static readonly Vector512<uint> Sixteen = Vector512<uint>.Indices;

    private readonly AlignedBuffer<uint> _ordinals = new(Rows + Ahead + WordBits + Slack);
    private readonly AlignedBuffer<int> _scores = new(Rows + Slack);

    /// <summary>Rows whose scores are wanted.</summary>
    public int Count { get; private set; }

    public bool IsFull => Count == Rows;

    /// <summary>Rows that are there, those of the next step included.</summary>
    public int Known { get; private set; }

    /// <summary>Whether rows are missing for a step and a look ahead.</summary>
    public bool HasRoom => Known < Count + Step + Ahead;

    internal uint* Ordinals => _ordinals.Address;

    internal int* Scores => _scores.Address;

    public void Clear() => Count = Known = 0;

    /// <summary>Forgets the scored rows.</summary>
    public void Advance()
    {
        _ordinals.Span[Count..Known].CopyTo(_ordinals.Span);
        Known -= Count;
        Count = 0;
    }

    /// <summary>Adds a row for every bit that is set, in order. There is room.</summary>
    /// <param name="first">The row of the lowest bit.</param>
    public void AddBits(uint first, ulong bits)
    {
        uint* next = _ordinals.Address + Known;
        if (Avx512F.IsSupported)
        {
            // Without a branch: how many bits a word has is unpredictable.
            Vector512<uint> rows = Sixteen + Vector512.Create(first), bit = Avx512F.ShiftLeftLogicalVariable(Vector512<uint>.One, Sixteen);
            for (int i = 0; i < WordBits; i += 16, bits >>= 16)
            {
                Vector512<uint> isSet = Vector512.Equals(Vector512.Create((uint)bits) & bit, bit);
                Avx512F.Compress(rows, isSet, rows).Store(next);
                next += BitOperations.PopCount((uint)(bits & 0xFFFF));
                rows += Vector512.Create(16u);
            }
        }
        else
        {
            for (; bits != 0; bits &= bits - 1)
            {
                *next++ = first + (uint)BitOperations.TrailingZeroCount(bits);
            }
        }
        Known = (int)(next - _ordinals.Address);
    }

    /// <summary>Makes the next rows part of the batch. Kernels take four at a time, so a short group is filled by repeating its last.</summary>
    /// <returns>Whether there are any.</returns>
    public bool Close()
    {
        int before = Count;
        Count = Math.Min(Known, before + Step);
        // A step that is short is the last one, so nothing is overwritten.
        for (int i = Count; i % 4 != 0; i++)
        {
            _ordinals.Address[i] = _ordinals.Address[Count - 1];
        }
        return Count > before;
    }

    /// <summary>Takes rows off the end, for good.</summary>
    public void Cut(int count) => Count = Known = count;

    /// <summary>Makes the score of a row the least there is, so that it is not found any more.</summary>
    public void Drop(int position) => _scores.Address[position] = int.MinValue;

    public uint OrdinalAt(int position) => _ordinals.Address[position];

    public int ScoreAt(int position) => _scores.Address[position];

    /// <summary>The first position from <paramref name="from"/> on whose score is above <paramref name="bound"/>, or the count: most rows
    /// of a scan are far, so many are passed over at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FindAbove(int from, int bound)
    {
        int* scores = _scores.Address;
        int count = Count, i = from;
        Vector256<int> least = Vector256.Create(bound);
        for (; i + Stride <= count && !IsAnyAbove(scores + i, least); i += Stride)
        {
        }
        for (; i < count; i += Vector256<int>.Count)
        {
            uint above = Vector256.GreaterThan(Vector256.Load(scores + i), least).ExtractMostSignificantBits();
            if (above != 0)
            {
                return Math.Min(count, i + BitOperations.TrailingZeroCount(above));
            }
        }
        return count;
    }

    public void Dispose()
    {
        _ordinals.Dispose();
        _scores.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsAnyAbove(int* scores, Vector256<int> bound)
    {
        Vector256<int> most = Vector256.Load(scores);
        for (int i = Vector256<int>.Count; i < Stride; i += Vector256<int>.Count)
        {
            most = Vector256.Max(most, Vector256.Load(scores + i));
        }
        return Vector256.GreaterThanAny(most, bound);
    }
}
