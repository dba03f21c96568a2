namespace SearchEngine.Models.Tokenizers.Patterns;

/// <summary>
/// Reads the Oniguruma syntax that tokenizer files use. What it does not know it refuses, naming it: a pattern that almost
/// means the same would silently give other ids.
/// </summary>
internal sealed class PatternParser
{
    private readonly PatternReader _reader;
    private readonly PatternClassParser _classes;
    private bool _ignoreCase;
    private int _depth;

    private PatternParser(PatternReader reader)
    {
        _reader = reader;
        _classes = new PatternClassParser(reader);
    }

    public static PatternNode Parse(string pattern, string path)
    {
        var reader = new PatternReader(pattern, path);
        if (pattern.Length > PatternLimits.MaxLength)
        {
            throw reader.Error($"has {pattern.Length} characters, {PatternLimits.MaxLength} are allowed");
        }
        var parser = new PatternParser(reader);
        var node = parser.ParseAlternation();
        return reader.AtEnd ? node : throw reader.Error("has a ) without its (");
    }

    private PatternNode ParseAlternation()
    {
        if (++_depth > PatternLimits.MaxNesting)
        {
            throw _reader.Error($"nests groups deeper than {PatternLimits.MaxNesting}");
        }
        var choices = new List<PatternNode> { ParseSequence() };
        while (_reader.TryTake('|'))
        {
            choices.Add(ParseSequence());
        }
        _depth--;
        return choices.Count == 1 ? choices[0] : new PatternNode.Alternation(choices);
    }

    private PatternNode ParseSequence()
    {
        var parts = new List<PatternNode>();
        var literals = string.Empty;
        while (!_reader.AtEnd && _reader.Peek() is not ('|' or ')'))
        {
            var start = _reader.Position;
            var atom = ParseAtom();
            literals = _reader.Position == start + 1 ? literals + _reader.Text[start] : string.Empty;
            RefuseMultiCharacterFolds(literals);
            parts.Add(ParseQuantifiers(atom));
        }
        return parts.Count == 1 ? parts[0] : new PatternNode.Sequence(parts);
    }

    private PatternNode ParseAtom()
    {
        var next = _reader.Take();
        switch (next)
        {
            case '(':
                return ParseGroup();
            case '[':
                return new PatternNode.Set(_classes.ParseClass(_ignoreCase));
            case '.':
                return new PatternNode.Set(CodePointSet.AnyButNewline);
            case '^':
                return new PatternNode.Anchor(AnchorKind.LineStart);
            case '$':
                return new PatternNode.Anchor(AnchorKind.LineEnd);
            case '\\':
                return ParseEscape();
            case '*' or '+' or '?':
                throw _reader.Error($"repeats nothing with {(char)next}");
            default:
                return new PatternNode.Set(_classes.Character(next, _ignoreCase));
        }
    }

    private PatternNode ParseEscape() => _reader.Peek() switch
    {
        'A' => Anchor(AnchorKind.TextStart),
        'z' => Anchor(AnchorKind.TextEnd),
        'Z' => Anchor(AnchorKind.TextEndOrLastNewline),
        'b' => Anchor(AnchorKind.WordBoundary),
        'B' => Anchor(AnchorKind.NotWordBoundary),
        _ => new PatternNode.Set(_classes.ParseEscape(_ignoreCase)),
    };

    private PatternNode.Anchor Anchor(AnchorKind kind)
    {
        _reader.Take();
        return new PatternNode.Anchor(kind);
    }

    private PatternNode ParseGroup()
    {
        if (!_reader.TryTake('?'))
        {
            return CloseGroup(ParseAlternation());
        }
        if (_reader.TryTake(':'))
        {
            return CloseGroup(ParseAlternation());
        }
        if (_reader.TryTake('>'))
        {
            return new PatternNode.Atomic(CloseGroup(ParseAlternation()));
        }
        if (_reader.TryTake('='))
        {
            return new PatternNode.Look(CloseGroup(ParseAlternation()), LookKind.Ahead);
        }
        if (_reader.TryTake('!'))
        {
            return new PatternNode.Look(CloseGroup(ParseAlternation()), LookKind.NotAhead);
        }
        if (_reader.TryTake("<="))
        {
            return ParseLookBehind(LookKind.Behind);
        }
        if (_reader.TryTake("<!"))
        {
            return ParseLookBehind(LookKind.NotBehind);
        }
        return ParseOption();
    }

    /// <summary>(?i:...), or (?i) for the rest of the group around it: a(?i)b|c is a(?i:b|c).</summary>
    private PatternNode ParseOption()
    {
        var before = _ignoreCase;
        _ignoreCase = !_reader.TryTake('-');
        if (!_reader.TryTake('i'))
        {
            throw _reader.Error("has a group of a kind that is not supported; supported: (...) (?:...) (?>...) (?=...) (?!...) "
                + "(?<=...) (?<!...) (?i:...) (?-i:...) (?i) (?-i)");
        }
        PatternNode body;
        if (_reader.TryTake(')'))
        {
            body = ParseAlternation();
        }
        else if (_reader.TryTake(':'))
        {
            body = CloseGroup(ParseAlternation());
        }
        else
        {
            throw _reader.Error("has group options other than i");
        }
        _ignoreCase = before;
        return body;
    }

    private PatternNode.Look ParseLookBehind(LookKind kind)
    {
        var body = CloseGroup(ParseAlternation());
        return body.FixedLength >= 0
            ? new PatternNode.Look(body, kind)
            : throw _reader.Error("looks behind for texts of different lengths, which is not supported");
    }

    private PatternNode CloseGroup(PatternNode body) =>
        _reader.TryTake(')') ? body : throw _reader.Error("has a ( without its )");

    private PatternNode ParseQuantifiers(PatternNode atom)
    {
        while (!_reader.AtEnd)
        {
            var (min, max) = _reader.Peek() switch
            {
                '*' => (0, int.MaxValue),
                '+' => (1, int.MaxValue),
                '?' => (0, 1),
                '{' => _reader.PeekInterval(),
                _ => (-1, -1),
            };
            if (min < 0)
            {
                break;
            }
            var isInterval = _reader.Peek() == '{';
            _reader.SkipQuantifier();
            // Oniguruma reads {n,m}+ as one repeat around another, not as possessive.
            var mode = _reader.TryTake('?') ? RepeatMode.Lazy
                : !isInterval && _reader.TryTake('+') ? RepeatMode.Possessive
                : RepeatMode.Greedy;
            if (max == int.MaxValue && atom.MinLength == 0)
            {
                throw _reader.Error("repeats without limit what may be empty, which is not supported");
            }
            atom = new PatternNode.Repeat(atom, min, max, mode);
        }
        return atom;
    }

    /// <summary>Without regard to case ss is also ß, fi the ligature and so on: such pairs are refused.</summary>
    private void RefuseMultiCharacterFolds(string literals)
    {
        if (_ignoreCase && literals.Length >= 2
            && literals[^2..].ToLowerInvariant() is "ss" or "ff" or "fi" or "fl" or "st")
        {
            throw _reader.Error($"ignores case of \"{literals[^2..]}\", which is also a single character; not supported");
        }
    }
}
