using SearchEngine.Models.Tokenizers.Text;
using SearchEngine.Models.Tokenizers.Unicode;

namespace SearchEngine.Models.Tokenizers.Normalizers;

/// <summary>
/// BERT's normalizer: clean, space out Chinese, strip accents, lower case. The reference makes four passes; here ASCII,
/// which none of them reorders, goes through a table, and only runs of other text take the passes.
/// </summary>
internal sealed class BertNormalizer : Normalizer
{
    private const char Dropped = '\uFFFF';
    private const int AsciiCount = 128;

    private readonly bool _clean;
    private readonly bool _spaceChinese;
    private readonly bool _stripAccents;
    private readonly bool _lowercase;
    private readonly char[] _ascii = new char[AsciiCount];

    public BertNormalizer(bool clean, bool spaceChinese, bool stripAccents, bool lowercase)
    {
        (_clean, _spaceChinese, _stripAccents, _lowercase) = (clean, spaceChinese, stripAccents, lowercase);
        for (var unit = 0; unit < AsciiCount; unit++)
        {
            var cleaned = Clean(unit);
            _ascii[unit] = cleaned < 0 ? Dropped : (char)Lower(cleaned);
        }
    }

    public override void Normalize(
        TextBuffer source, int start, int end, TextBuffer target, int origin, EncodeScratch scratch)
    {
        var chars = source.Chars;
        var starts = source.Starts;
        var ends = source.Ends;
        var index = start;
        while (index < end)
        {
            var unit = chars[index];
            if (unit < AsciiCount)
            {
                if (_ascii[unit] is not Dropped and var mapped)
                {
                    target.Append(mapped, starts[index], ends[index]);
                }
                index++;
                continue;
            }
            var runStart = index;
            while (index < end && (chars[index] >= AsciiCount || _ascii[chars[index]] == Dropped))
            {
                index++;
            }
            NormalizeRun(source, runStart, index, target, origin, scratch);
        }
    }

    public override void Describe(FingerprintWriter fingerprint) => fingerprint
        .Add("BertNormalizer").Add(_clean).Add(_spaceChinese).Add(_stripAccents).Add(_lowercase);

    private void NormalizeRun(
        TextBuffer source, int start, int end, TextBuffer target, int origin, EncodeScratch scratch)
    {
        var run = scratch.Run;
        run.Clear();
        CleanRun(source, start, end, run);
        if (!_stripAccents)
        {
            AppendLower(run, target);
            return;
        }
        var characters = scratch.Characters;
        characters.Clear();
        for (var index = 0; index < run.Length;)
        {
            NormalizationAlgorithm.Decompose(CodePoints.Read(run.Chars, ref index), UnicodeForm.Nfd, characters);
        }
        NormalizationAlgorithm.Sort(characters);
        var transform = new AlignedTransform(run, 0, run.Length, target, origin);
        foreach (var character in characters)
        {
            if (CharacterClasses.IsAccent(character.CodePoint))
            {
                transform.Drop(character.Change);
            }
            else
            {
                // Decomposed text has no character whose lower case is more than one.
                transform.Write(Lower(character.CodePoint), character.Change);
            }
        }
    }

    /// <summary>First and second pass. The spaces put around a Chinese character align with it.</summary>
    private void CleanRun(TextBuffer source, int start, int end, TextBuffer run)
    {
        var chars = source.Chars[..end];
        for (var index = start; index < end;)
        {
            var position = index;
            var codePoint = CodePoints.Read(chars, ref index);
            var cleaned = Clean(codePoint);
            if (cleaned < 0)
            {
                continue;
            }
            var (from, to) = (source.Starts[position], source.Ends[position]);
            if (!_spaceChinese || !CharacterClasses.IsChinese(cleaned))
            {
                run.AppendCodePoint(cleaned, from, to);
                continue;
            }
            run.Append(' ', from, to);
            run.AppendCodePoint(cleaned, from, to);
            run.Append(' ', from, to);
        }
    }

    private void AppendLower(TextBuffer run, TextBuffer target)
    {
        for (var index = 0; index < run.Length;)
        {
            var (start, end) = (run.Starts[index], run.Ends[index]);
            var codePoint = CodePoints.Read(run.Chars, ref index);
            target.AppendCodePoint(Lower(codePoint), start, end);
            if (_lowercase && codePoint == Lowercase.DottedCapitalI)
            {
                target.Append((char)Lowercase.CombiningDotAbove, start, end);
            }
        }
    }

    private int Clean(int codePoint)
    {
        if (!_clean)
        {
            return codePoint;
        }
        if (CharacterClasses.IsDroppedByCleaning(codePoint))
        {
            return -1;
        }
        return CharacterClasses.IsWhiteSpace(codePoint) ? ' ' : codePoint;
    }

    private int Lower(int codePoint) => _lowercase ? Lowercase.Map(codePoint) : codePoint;
}
