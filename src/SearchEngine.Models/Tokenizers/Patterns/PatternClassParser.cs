namespace SearchEngine.Models.Tokenizers.Patterns;

/// <summary>Reads character classes and escapes.</summary>
internal sealed class PatternClassParser(PatternReader reader)
{
    private const int LongS = 0x17F;
    private const int KelvinSign = 0x212A;

    /// <summary>A class, behind its [.</summary>
    public CodePointSet ParseClass(bool ignoreCase)
    {
        var negated = reader.TryTake('^');
        var parts = new List<CodePointSet>();
        var first = true;
        while (first || reader.Peek() != ']')
        {
            if (reader.TryTake('['))
            {
                // Neither nested classes nor [:posix:] ones appear in tokenizer files.
                throw reader.Error("has a class inside a class, which is not supported");
            }
            if (reader.TryTake("&&"))
            {
                throw reader.Error("intersects classes with &&, which is not supported");
            }
            first = false;
            parts.Add(ParseItem(ignoreCase));
        }
        reader.Take();
        var union = CodePointSet.Union(parts);
        return negated ? union.Negate() : union;
    }

    /// <summary>An escape that stands for one character or a set, behind its \.</summary>
    public CodePointSet ParseEscape(bool ignoreCase)
    {
        var set = TryParseSetEscape(CodePointSet.Word, ignoreCase);
        return set ?? Character(ParseCharacterEscape(), ignoreCase);
    }

    /// <summary>One character, with its other cases where case is ignored.</summary>
    public CodePointSet Character(int codePoint, bool ignoreCase)
    {
        var itself = CodePointSet.Range(codePoint, codePoint);
        if (!ignoreCase)
        {
            return itself;
        }
        if (codePoint >= 0x80)
        {
            throw reader.Error("ignores the case of a character beyond ASCII, which is not supported");
        }
        if (!char.IsAsciiLetter((char)codePoint))
        {
            return itself;
        }
        var other = codePoint ^ 0x20;
        var parts = new List<CodePointSet> { itself, CodePointSet.Range(other, other) };
        if ((codePoint | 0x20) == 's')
        {
            parts.Add(CodePointSet.Range(LongS, LongS));
        }
        if ((codePoint | 0x20) == 'k')
        {
            parts.Add(CodePointSet.Range(KelvinSign, KelvinSign));
        }
        return CodePointSet.Union(parts);
    }

    private CodePointSet ParseItem(bool ignoreCase)
    {
        int low;
        if (reader.TryTake('\\'))
        {
            if (TryParseSetEscape(CodePointSet.WordInClass, ignoreCase) is { } set)
            {
                return set;
            }
            low = ParseCharacterEscape();
        }
        else
        {
            low = reader.Take();
        }
        if (!reader.Text.AsSpan(reader.Position).StartsWith("-", StringComparison.Ordinal)
            || reader.Text.AsSpan(reader.Position).StartsWith("-]", StringComparison.Ordinal))
        {
            return Character(low, ignoreCase);
        }
        reader.Take();
        var high = reader.TryTake('\\') ? ParseCharacterEscape() : reader.Take();
        if (high < low)
        {
            throw reader.Error("has a range that ends before it begins");
        }
        if (ignoreCase)
        {
            throw reader.Error("ignores the case of a range, which is not supported");
        }
        return CodePointSet.Range(low, high);
    }

    private CodePointSet? TryParseSetEscape(CodePointSet word, bool ignoreCase)
    {
        switch (reader.Peek())
        {
            case 's' or 'S' or 'd' or 'D' or 'w' or 'W':
                var kind = (char)reader.Take();
                var set = char.ToLowerInvariant(kind) switch
                {
                    's' => CodePointSet.Space,
                    'd' => CodePointSet.Digit,
                    _ => word,
                };
                return char.IsAsciiLetterUpper(kind) ? set.Negate() : set;
            case 'p' or 'P':
                return ParseProperty(ignoreCase);
            default:
                return null;
        }
    }

    private CodePointSet ParseProperty(bool ignoreCase)
    {
        var negated = reader.Take() == 'P';
        if (!reader.TryTake('{'))
        {
            throw reader.Error("has a property without braces");
        }
        negated ^= reader.TryTake('^');
        var close = reader.Text.IndexOf('}', reader.Position);
        if (close < 0)
        {
            throw reader.Error("has a property without its }");
        }
        var name = reader.Text[reader.Position..close];
        while (reader.Position <= close)
        {
            reader.Take();
        }
        var set = FindProperty(name, ignoreCase);
        return negated ? set.Negate() : set;
    }

    private CodePointSet FindProperty(string name, bool ignoreCase)
    {
        if (name.Equals("Han", StringComparison.OrdinalIgnoreCase))
        {
            return CodePointSet.Han;
        }
        var categories = GeneralCategories.Find(name)
            ?? throw reader.Error($"names the property {name}; supported are the general categories and Han");
        return ignoreCase && GeneralCategories.DependOnCase(categories)
            ? throw reader.Error($"ignores the case of the property {name}, which is not supported")
            : CodePointSet.OfCategories(categories);
    }

    private int ParseCharacterEscape()
    {
        var escaped = reader.Take();
        switch (escaped)
        {
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'f': return '\f';
            case 'v': return '\v';
            case 'a': return '\a';
            case 'e': return 0x1B;
            case 'u': return reader.TakeHexadecimal(4);
            case 'x': return reader.TryTake('{') ? reader.TakeHexadecimal(0) : reader.TakeHexadecimal(2);
        }
        if (escaped < 0x80 && char.IsAsciiLetterOrDigit((char)escaped))
        {
            throw reader.Error($"has the escape \\{(char)escaped}, which is not supported");
        }
        return escaped;
    }
}
