using SearchEngine.Collections.Filters;
using Xunit;

namespace SearchEngine.Collections.Tests.Filters;

/// <summary>The cache gives back what was kept for that segment and filter, stays within its bytes, and forgets closed segments.</summary>
public sealed class FilterCacheTests
{
    private const int Rows = 6400;

    [Fact]
    public void Least_recently_used_bitmaps_go_first_and_bytes_stay_within_the_capacity()
    {
        var cache = new FilterCache(10_000);
        using SegmentFilterCache segment = cache.Open();
        for (int i = 0; i < 40; i++)
        {
            using RowSet rows = RowsOf(i);
            segment.Keep(Key(i), rows);
            Assert.True(cache.Bytes <= cache.CapacityBytes, $"{cache.Bytes} bytes after {i + 1} bitmaps");
            using RowSet? first = segment.Find(Key(0), Rows);
            Assert.True(first is not null, $"the bitmap that is asked for each time is gone after {i + 1}");
        }
        Assert.Null(segment.Find(Key(1), Rows));
        using RowSet? last = segment.Find(Key(39), Rows);
        Assert.NotNull(last);
    }

    [Fact]
    public void A_bitmap_that_is_changed_by_its_receiver_is_not_changed_in_the_cache()
    {
        var cache = new FilterCache();
        using SegmentFilterCache segment = cache.Open();
        using RowSet rows = RowsOf(3);
        segment.Keep(Key(7), rows);
        using (RowSet found = segment.Find(Key(7), Rows)!)
        {
            found.Invert();
        }
        rows.Invert();
        using RowSet again = segment.Find(Key(7), Rows)!;
        using RowSet expected = RowsOf(3);
        Assert.True(again.Words.SequenceEqual(expected.Words), "the cache shares words with its callers");
    }

    [Fact]
    public void A_segment_is_dropped_with_what_it_kept_and_keeps_nothing_more()
    {
        var cache = new FilterCache();
        SegmentFilterCache closed = cache.Open();
        using SegmentFilterCache open = cache.Open();
        using RowSet rows = RowsOf(1);
        closed.Keep(Key(1), rows);
        open.Keep(Key(1), rows);
        long both = cache.Bytes;
        closed.Dispose();
        Assert.Equal(both / 2, cache.Bytes);
        closed.Keep(Key(2), rows);
        Assert.Equal(both / 2, cache.Bytes);
        Assert.Null(closed.Find(Key(1), Rows));
        using RowSet? kept = open.Find(Key(1), Rows);
        Assert.NotNull(kept);
    }

    [Fact]
    public async Task Threads_that_keep_find_and_drop_get_the_right_bitmap_or_none()
    {
        var cache = new FilterCache(60_000);
        int found = 0;
        async Task Worker(int seed)
        {
            await Task.Yield();
            var random = new Random(seed);
            for (int round = 0; round < 30; round++)
            {
                using SegmentFilterCache segment = cache.Open();
                for (int i = 0; i < 100; i++)
                {
                    int key = random.Next(12);
                    using RowSet? rows = segment.Find(Key(key), Rows);
                    using RowSet expected = RowsOf(key * 1000 + seed);
                    if (rows is null)
                    {
                        segment.Keep(Key(key), expected);
                        continue;
                    }
                    Interlocked.Increment(ref found);
                    Assert.True(rows.Words.SequenceEqual(expected.Words), $"worker {seed}: the bitmap of another filter or segment");
                }
            }
        }
        await Task.WhenAll(Enumerable.Range(1, 6).Select(Worker));
        Assert.True(found > 0, "nothing was ever found: the test shows nothing");
        Assert.Equal(0, cache.Bytes);
    }

    private static FilterKey Key(int filter) => new(BitConverter.GetBytes(filter));

    private static RowSet RowsOf(int seed)
    {
        var random = new Random(seed);
        RowSet rows = RowSet.None(Rows);
        for (int i = 0; i < 50; i++)
        {
            rows.Add((uint)random.Next(Rows));
        }
        return rows;
    }
}
