using SearchEngine.Models.Tokenizers.Text;
using SearchEngine.Models.Tokenizers.Unicode;

namespace SearchEngine.Models.Tokenizers.Patterns;

/// <summary>
/// A regular expression of the file, run by an engine of our own: it works on code points (the runtime's sees surrogates,
/// so that \p{L} misses every letter beyond the basic plane), by pinned Unicode data, within bounded time.
/// </summary>
internal sealed class RegexPattern : IPattern
{
    private readonly string _pattern;
    private readonly PatternInstruction[] _program;

    public RegexPattern(string pattern, string path)
    {
        _pattern = pattern;
        _program = PatternCompiler.Compile(PatternParser.Parse(pattern, path), path);
    }

    public void FindMatches(ReadOnlySpan<char> text, List<PieceMatch> matches, EncodeScratch scratch)
    {
        var stack = scratch.Backtracks;
        stack.Count = 0;
        stack.Steps = PatternLimits.BaseSteps + PatternLimits.StepsPerUnit * text.Length;
        var matcher = new PatternMatcher(_program, text, stack);
        var covered = 0;
        var lastEnd = -1;
        for (var start = 0; start <= text.Length;)
        {
            var end = matcher.Match(start);
            // An empty match right behind another match does not count.
            if (end < 0 || (end == start && end == lastEnd))
            {
                Advance(text, ref start);
                continue;
            }
            if (covered < start)
            {
                matches.Add(new(covered, start, IsMatch: false));
            }
            matches.Add(new(start, end, IsMatch: true));
            covered = lastEnd = end;
            if (end > start)
            {
                start = end;
            }
            else
            {
                Advance(text, ref start);
            }
        }
        if (covered < text.Length)
        {
            matches.Add(new(covered, text.Length, IsMatch: false));
        }
    }

    public void Describe(FingerprintWriter fingerprint) => fingerprint.Add("regex").Add(_pattern);

    private static void Advance(ReadOnlySpan<char> text, ref int position)
    {
        if (position < text.Length)
        {
            _ = CodePoints.Read(text, ref position);
        }
        else
        {
            position++;
        }
    }
}
