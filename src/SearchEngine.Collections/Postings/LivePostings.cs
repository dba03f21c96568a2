namespace SearchEngine.Collections.Postings;

/// <summary>
/// Postings in memory, for one appender beside any readers: a reader that has read the count reads what lies below it, whichever
/// array it sees.
/// </summary>
internal sealed class LivePostings
{
    private const int First = 2;

    /// <summary>Row and number, in the upper and the lower half.</summary>
    private ulong[] _postings = new ulong[First];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public int Capacity => Volatile.Read(ref _postings).Length;

    public void Append(uint row, uint value)
    {
        if (_count == _postings.Length)
        {
            var more = new ulong[2 * _count];
            _postings.CopyTo(more, 0);
            Volatile.Write(ref _postings, more);
        }
        _postings[_count] = (ulong)row << 32 | value;
        Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>The postings of rows below a bound, as one run: live segments are small. Null when there are none.</summary>
    /// <param name="upper">What bounds that run, <see cref="PostingRun.Upper"/>.</param>
    /// <param name="lower">The same, <see cref="PostingRun.Lower"/>.</param>
    public IPostings? Below(uint rows, uint upper, uint lower)
    {
        int count = Count;
        ulong[] postings = Volatile.Read(ref _postings);
        int below = FirstAtLeast(postings, (ulong)rows << 32, 0, count);
        return below == 0 ? null : new Bounded(postings, below, upper, lower);
    }

    private static int FirstAtLeast(ulong[] postings, ulong posting, int low, int high)
    {
        while (low < high)
        {
            int middle = (int)(((uint)low + (uint)high) >> 1);
            if (postings[middle] < posting)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }

    private sealed class Bounded(ulong[] postings, int count, uint upper, uint lower) : IPostings
    {
        public int Count => count;

        public uint RowAt(int place) => (uint)(postings[place] >> 32);

        public uint ValueAt(int place) => (uint)postings[place];

        public int FirstAtLeast(uint row, int from) => LivePostings.FirstAtLeast(postings, (ulong)row << 32, from, count);

        public PostingRun RunOf(int place) => new(count, RowAt(count - 1), upper, lower);
    }
}
