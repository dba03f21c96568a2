namespace SearchEngine.Models.Tokenizers.Unicode;

/// <summary>Ascending inclusive ranges of code points, stored as (first, last) pairs.</summary>
internal static class CodePointRanges
{
    public static bool Contains(ReadOnlySpan<int> ranges, int codePoint)
    {
        var low = 0;
        var high = ranges.Length / 2 - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (codePoint < ranges[2 * middle])
            {
                high = middle - 1;
            }
            else if (codePoint > ranges[2 * middle + 1])
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }
        return false;
    }
}
