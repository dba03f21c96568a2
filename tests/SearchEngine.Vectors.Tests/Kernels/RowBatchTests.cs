using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Kernels;
using Xunit;

namespace SearchEngine.Vectors.Tests.Kernels;

/// <summary>Batches hold every accepted row once and in order, and kernels score them as they score four rows, reading nothing else.</summary>
public sealed unsafe class RowBatchTests
{
    private const ulong Seed = 4;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_set_bit_becomes_a_row_in_order(int thinness)
    {
        using var batch = new RowBatch();
        foreach (int words in new[] { 0, 1, 4, 5, 300 })
        {
            ulong[] bits = Bits(words, thinness);
            var taken = new List<uint>();
            var rows = new AcceptedOrdinals(new AcceptBits(bits));
            batch.Clear();
            while (rows.TryFill(batch))
            {
                Assert.InRange(batch.Count, 1, RowBatch.Step);
                taken.AddRange(Enumerable.Range(0, batch.Count).Select(batch.OrdinalAt));
            }
            Assert.Equal(Rows(bits), taken);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void A_batch_grows_by_steps_until_it_is_full_and_the_next_goes_on_behind_it(int thinness)
    {
        using var batch = new RowBatch();
        ulong[] bits = Bits(300, thinness);
        var taken = new List<uint>();
        var rows = new AcceptedOrdinals(new AcceptBits(bits));
        batch.Clear();
        for (bool isThere = true; isThere;)
        {
            batch.Advance();
            while (!batch.IsFull && (isThere = rows.TryExtend(batch)))
            {
                Assert.InRange(batch.Count % RowBatch.Step, 0, RowBatch.Step - 1);
            }
            taken.AddRange(Enumerable.Range(0, batch.Count).Select(batch.OrdinalAt));
        }
        Assert.Equal(Rows(bits), taken);
    }

    [Fact]
    public void Rows_that_are_cut_off_or_dropped_are_not_found()
    {
        using var batch = new RowBatch();
        var rows = new AcceptedOrdinals(new AcceptBits([.. Enumerable.Repeat(~0ul, 10)]));
        Assert.True(rows.TryExtend(batch) && rows.TryExtend(batch));
        Assert.Equal(2 * RowBatch.Step, batch.Count);
        for (int i = 0; i < batch.Count; i++)
        {
            batch.Scores[i] = i % RowBatch.Step == 7 ? int.MaxValue : int.MinValue + 1;
        }
        Assert.Equal((7, RowBatch.Step + 7), (batch.FindAbove(0, 0), batch.FindAbove(8, 0)));
        batch.Cut(RowBatch.Step);
        Assert.Equal((7, RowBatch.Step), (batch.FindAbove(0, 0), batch.FindAbove(8, 0)));
        batch.Drop(7);
        Assert.Equal((RowBatch.Step, 8), (batch.FindAbove(0, 0), batch.FindAbove(7, int.MinValue)));
    }

    [Fact]
    public void Scores_above_a_bound_are_found_and_none_behind_the_end()
    {
        using var batch = new RowBatch();
        var rows = new AcceptedOrdinals(new AcceptBits([~0ul, 0x7FFul]));
        Assert.True(rows.TryFill(batch));
        Assert.Equal(75, batch.Count);
        for (int i = 0; i < RowBatch.Step; i++)
        {
            batch.Scores[i] = i is 3 or 64 or 74 or 75 ? 10 : i % 10;
        }
        Assert.Equal([3, 64, 74], Found(9));
        Assert.Empty(Found(10));
        Assert.Equal(75, Found(int.MinValue).Count);

        List<int> Found(int bound)
        {
            var found = new List<int>();
            for (int i = batch.FindAbove(0, bound); i < batch.Count; i = batch.FindAbove(i + 1, bound))
            {
                found.Add(i);
            }
            return found;
        }
    }

    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(192)]
    [InlineData(384)]
    [InlineData(768)]
    [InlineData(8192)]
    public void Batches_of_codes_score_as_four_rows_do(int length)
    {
        const int Words = 9;
        ulong[] bits = Bits(Words, 1);
        using GuardedMemory codes = Filled(Words * 64 * length, 64);
        using GuardedMemory query = Filled(length, 64);
        foreach (ref byte value in query.Span)
        {
            // -128 is no value of a query.
            value = value == 128 ? (byte)129 : value;
        }
        using var batch = new RowBatch();
        int* four = stackalloc int[4];
        uint* same = stackalloc uint[] { 0, 0, 1, 2 };
        var rows = new AcceptedOrdinals(new AcceptBits(bits));
        while (rows.TryFill(batch))
        {
            ByteDot.Score(codes.Pointer, (nuint)length, batch, (sbyte*)query.Pointer, (nuint)length);
            for (int i = 0; i < batch.Count; i++)
            {
                same[0] = batch.OrdinalAt(i);
                ByteDot.Mapped4(codes.Pointer, (nuint)length, same, (sbyte*)query.Pointer, (nuint)length, four);
                Assert.True(four[0] == batch.ScoreAt(i), $"row {batch.OrdinalAt(i)} of {length} bytes scores {batch.ScoreAt(i)} in a batch, {four[0]} alone");
            }
        }
    }

    [Theory]
    [InlineData(320)]
    [InlineData(768)]
    [InlineData(1536)]
    public void Batches_of_records_are_bounded_as_four_rows_are(int dimension)
    {
        const int Words = 9;
        int code = dimension / 8, stride = (code + 32 + 63) / 64 * 64, words = (dimension / 64 + 7) / 8 * 8;
        ulong[] bits = Bits(Words, 1);
        using GuardedMemory records = Filled(Words * 64 * stride, 64);
        using GuardedMemory planes = Filled(4 * 8 * words, 64);
        for (int plane = 0; plane < 4; plane++)
        {
            planes.Span.Slice(8 * ((plane * words) + (dimension / 64)), 8 * (words - (dimension / 64))).Clear();
        }
        for (int row = 0; row < Words * 64; row++)
        {
            float* factors = (float*)(records.Pointer + (row * stride) + code);
            (factors[0], factors[1], factors[2], factors[3]) = (row % 7, 0.5f + (row % 3), 0.1f * (row % 11), dimension / 2);
        }
        var query = new SignQuery
        {
            Planes = (ulong*)planes.Pointer,
            Words = (nuint)words,
            FactorOffset = (nuint)code,
            Step = 0.013f,
            Half = 3.5f,
            InverseUnit = 40_000f,
            ErrorScale = 0.7f,
        };
        using var batch = new RowBatch();
        int* scores = stackalloc int[4], highs = stackalloc int[4];
        uint* same = stackalloc uint[] { 0, 0, 1, 2 };
        var rows = new AcceptedOrdinals(new AcceptBits(bits));
        for (int from = 0; rows.TryExtend(batch); from = batch.Count)
        {
            SignScores.Bound(records.Pointer, (nuint)stride, batch, from, &query);
            for (int i = 0; i < batch.Count; i++)
            {
                same[0] = batch.OrdinalAt(i);
                SignScores.Mapped4(records.Pointer, (nuint)stride, same, &query, scores, highs);
                Assert.True(highs[0] == batch.ScoreAt(i), $"record {batch.OrdinalAt(i)} of {dimension} signs is bounded by {batch.ScoreAt(i)} in a batch, {highs[0]} alone");
            }
        }
    }

    private static GuardedMemory Filled(int bytes, int alignment)
    {
        GuardedMemory memory = GuardedMemory.BeforeGuard(bytes, alignment);
        var random = new CounterRandom(Seed, 2, (ulong)bytes);
        for (int i = 0; i < bytes; i++)
        {
            memory.Span[i] = (byte)random.Next();
        }
        return memory;
    }

    // From full words to nearly empty ones; the last row is always there, so that a read behind it would be noticed.
    private static ulong[] Bits(int words, int thinness)
    {
        var random = new CounterRandom(Seed, 1, (ulong)((words * 4) + thinness));
        var bits = new ulong[words];
        for (int i = 0; i < words; i++)
        {
            bits[i] = ~0ul;
            for (int and = 0; and < thinness * 2; and++)
            {
                bits[i] &= random.Next();
            }
        }
        if (words > 0)
        {
            bits[^1] |= 1ul << 63;
        }
        return bits;
    }

    private static IEnumerable<uint> Rows(ulong[] bits) =>
        Enumerable.Range(0, bits.Length * 64).Where(i => (bits[i / 64] >> (i % 64) & 1) != 0).Select(i => (uint)i);
}
