namespace SearchEngine.Models.Tokenizers.Unicode;

/// <summary>
/// The four normalization forms of Unicode, in the reference's variant: beside every character stands its change, the
/// number the alignment needs. 0 replaces a source character, 1 is one more character than the source has, -n replaces one
/// and swallows the n after it. The changes move with the characters when marks are put into canonical order.
/// </summary>
internal static class NormalizationAlgorithm
{
    /// <summary>Marks in a row up to which insertion sort is the quickest.</summary>
    private const int LongRun = 32;

    private const int HangulBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TrailBase = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TrailCount = 28;
    private const int HangulCount = LeadCount * VowelCount * TrailCount;

    /// <summary>Appends the decomposition of one source character; marks stay unsorted until <see cref="Sort"/>.</summary>
    public static void Decompose(int codePoint, UnicodeForm form, List<ChangedCharacter> output)
    {
        if (codePoint is >= HangulBase and < HangulBase + HangulCount)
        {
            DecomposeHangul(codePoint - HangulBase, output);
            return;
        }
        var parts = form is UnicodeForm.Nfkc or UnicodeForm.Nfkd ? NormalizationData.Compatible(codePoint) : default;
        if (parts.IsEmpty)
        {
            parts = NormalizationData.Canonical(codePoint);
        }
        if (parts.IsEmpty)
        {
            output.Add(new(codePoint, 0, NormalizationData.CombiningClass(codePoint)));
            return;
        }
        for (var part = 0; part < parts.Length; part++)
        {
            output.Add(new(parts[part], part == 0 ? 0 : 1, NormalizationData.CombiningClass(parts[part])));
        }
    }

    /// <summary>Puts every run of marks into canonical order: by class, stable.</summary>
    public static void Sort(List<ChangedCharacter> text)
    {
        var start = 0;
        while (start < text.Count)
        {
            if (text[start].Class == 0)
            {
                start++;
                continue;
            }
            var end = start + 1;
            while (end < text.Count && text[end].Class != 0)
            {
                end++;
            }
            SortRun(text, start, end);
            start = end;
        }
    }

    /// <summary>Composes a sorted decomposition in place.</summary>
    public static void Compose(List<ChangedCharacter> text)
    {
        var written = 0;
        var starter = -1;
        var lastClass = -1;
        for (var index = 0; index < text.Count; index++)
        {
            var next = text[index];
            if (starter >= 0 && (lastClass < 0 || lastClass < next.Class)
                && Compose(text[starter].CodePoint, next.CodePoint) is >= 0 and var composite)
            {
                text[starter] = new(composite, text[starter].Change + next.Change - 1, 0);
                continue;
            }
            if (next.Class == 0)
            {
                starter = written;
                lastClass = -1;
            }
            else if (starter >= 0)
            {
                lastClass = next.Class;
            }
            text[written++] = next;
        }
        text.RemoveRange(written, text.Count - written);
    }

    private static void SortRun(List<ChangedCharacter> text, int start, int end)
    {
        if (end - start > LongRun)
        {
            // Insertion would let a text of nothing but marks take quadratic time.
            var sorted = text.Skip(start).Take(end - start).OrderBy(mark => mark.Class).ToList();
            for (var index = 0; index < sorted.Count; index++)
            {
                text[start + index] = sorted[index];
            }
            return;
        }
        for (var index = start + 1; index < end; index++)
        {
            var mark = text[index];
            var place = index;
            while (place > start && text[place - 1].Class > mark.Class)
            {
                text[place] = text[place - 1];
                place--;
            }
            text[place] = mark;
        }
    }

    private static void DecomposeHangul(int index, List<ChangedCharacter> output)
    {
        output.Add(new(LeadBase + index / (VowelCount * TrailCount), 0, 0));
        output.Add(new(VowelBase + index % (VowelCount * TrailCount) / TrailCount, 1, 0));
        if (index % TrailCount > 0)
        {
            output.Add(new(TrailBase + index % TrailCount, 1, 0));
        }
    }

    private static int Compose(int first, int second)
    {
        if (first is >= LeadBase and < LeadBase + LeadCount && second is >= VowelBase and < VowelBase + VowelCount)
        {
            return HangulBase + ((first - LeadBase) * VowelCount + (second - VowelBase)) * TrailCount;
        }
        if (first is >= HangulBase and < HangulBase + HangulCount && (first - HangulBase) % TrailCount == 0
            && second is > TrailBase and < TrailBase + TrailCount)
        {
            return first + (second - TrailBase);
        }
        return NormalizationData.Compose(first, second);
    }
}
