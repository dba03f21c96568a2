using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Kernels;
using Xunit;

namespace SearchEngine.Vectors.Tests.Kernels;

/// <summary>Loose entries keep, in their order, what one by one would be kept, whatever their number.</summary>
public sealed unsafe class LooseEntriesTests
{
    private const int Most = 70;

    [Fact]
    public void What_is_kept_is_what_a_list_keeps() => ForEach((entries, list, random) =>
    {
        switch (random.Next() % 3)
        {
            case 0:
                long above = Pick(list, random);
                entries.Keep(above);
                list.RemoveAll(entry => entry <= above);
                break;
            case 1:
                entries.KeepHits();
                list.RemoveAll(static entry => !Entry.IsHit(entry));
                break;
            default:
                uint end = Entry.OrdinalOf(Pick(list, random));
                entries.KeepBelow(end);
                list.RemoveAll(entry => Entry.OrdinalOf(entry) >= end);
                break;
        }
    });

    [Fact]
    public void What_is_above_the_cut_is_moved_out_and_what_is_not_above_the_bound_is_gone() => ForEach((entries, list, random) =>
    {
        long bound = Pick(list, random), cut = Math.Max(bound, Pick(list, random));
        using var moved = new AlignedBuffer<long>(Most + SortedEntries.Width);
        int count = entries.Take(cut, bound, moved.Address);
        Assert.Equal(list.Where(entry => entry > cut), moved.Span[..count].ToArray());
        list.RemoveAll(entry => entry > cut || entry <= bound);
    });

    private static void ForEach(Action<LooseEntries, List<long>, CounterRandom> change)
    {
        using var entries = new LooseEntries();
        for (int count = 0; count < Most; count++)
        {
            for (int round = 0; round < 20; round++)
            {
                var random = new CounterRandom(9, (ulong)count, (ulong)round);
                entries.Reset(Most + SortedEntries.Width);
                var list = new List<long>();
                for (int i = 0; i < count; i++)
                {
                    // Ordinals that need their last bit, and scores of both signs.
                    long entry = Entry.Pack((int)random.Next(), (uint)random.Next() >> 1) | (long)(random.Next() & 1);
                    entries.Add(entry);
                    list.Add(entry);
                }
                change(entries, list, random);
                Assert.True(list.SequenceEqual(entries.Span.ToArray()), $"{count} entries, round {round}: {entries.Count} are left, not {list.Count}.");
            }
        }
    }

    private static long Pick(List<long> list, CounterRandom random) => list.Count == 0 ? 0 : list[(int)(random.Next() % (ulong)list.Count)];
}
