namespace SearchEngine.Collections.Attributes;

/// <summary>Search in ascending numbers.</summary>
internal static class SortedSearch
{
    /// <summary>The place of the first number that is at least a bound; the length where there is none.</summary>
    public static int FirstAtLeast<T>(ReadOnlySpan<T> ascending, T bound)
        where T : unmanaged, IComparable<T>
    {
        int low = 0;
        int high = ascending.Length;
        while (low < high)
        {
            int middle = (int)(((uint)low + (uint)high) >> 1);
            if (ascending[middle].CompareTo(bound) < 0)
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
}
