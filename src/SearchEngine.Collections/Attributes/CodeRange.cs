namespace SearchEngine.Collections.Attributes;

/// <summary>The codes from <paramref name="First"/> up to <paramref name="End"/>, which is not included; never empty.</summary>
internal readonly record struct CodeRange(int First, int End)
{
    /// <summary>Adds a range behind the others, or to the last one where it touches it.</summary>
    public static void Append(List<CodeRange> ranges, int first, int end)
    {
        if (first >= end)
        {
            return;
        }
        if (ranges.Count > 0 && ranges[^1].End == first)
        {
            ranges[^1] = ranges[^1] with { End = end };
        }
        else
        {
            ranges.Add(new CodeRange(first, end));
        }
    }

    /// <summary>All codes below a bound that are in none of some ascending ranges.</summary>
    public static List<CodeRange> Complement(List<CodeRange> ranges, int codes)
    {
        var others = new List<CodeRange>();
        int next = 0;
        foreach (CodeRange range in ranges)
        {
            Append(others, next, range.First);
            next = range.End;
        }
        Append(others, next, codes);
        return others;
    }
}
