using System.Text;

namespace SearchEngine.Models.Tests.Tokenizers.Reference;

/// <summary>Texts of every kind a tokenizer may meet, the same for the same seed.</summary>
internal sealed class TextGenerator(int seed)
{
    private static readonly string[] Spaces =
        [" ", " ", " ", "  ", "    ", "\n", "\r\n", "\t", "\n\n", " \n ", "\u00A0", "\u3000", "\u2009", "\u200B", "\u2028", "\u0085", "\u1680", "\v", "\f"];

    private static readonly string[] Emoji =
        ["😀", "👩‍🔬", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "🇯🇵", "👍🏽", "❤️", "☎", "🧑🏿‍🦰", "1️⃣", "\u200D", "\uFE0F"];

    private static readonly string[] Contractions =
        ["'s", "'S", "'re", "'LL", "'ve", "'m", "'d", "'t", "'T", "'ſ", "’s", "don't", "I'll", "we'VE"];

    private static readonly string[] Oddities =
        ["…", "½", "ﬁ", "ﬃ", "İ", "ı", "ß", "ẞ", "Σς", "ǅ", "Å", "Ω", "㎏", "㈱", "①", "Ⅷ", "²", "ª", "ﷺ", "℃", "K", "ſ", "\u00AD",
            "\uFEFF", "\uFFFD", "\0", "\u0001", "\u001B", "\u007F", "\u0080", "\u009F", "\u061C", "\u202E", "\uFFFF", "\uFFFE", "▁", "▁▁",
            "##a", "<unk>", "[UNK]", "[MASK]", "[CLS]", "<s>", "</s>", "<mask>", "<0x0A>", "<|endoftext|>", "Ġ", "Ċ", "_", "--", "...", "@#$%",
            "{\"a\":[1,2]}", "http://x.org/?q=1&r=%20", "a_b-c.d", "C++", "12,345.67e-8", "0x1F", "١٢٣", "१२३", "〇一二", "가각간", "각", "ゔ", "が", "か\u3099"];

    /// <summary>First and last code point of blocks that letters are drawn from.</summary>
    private static readonly (int First, int Last)[] Scripts =
    [
        ('a', 'z'), ('a', 'z'), ('a', 'z'), ('A', 'Z'), ('0', '9'), ('!', '/'), (0xC0, 0x17F), (0x180, 0x24F), (0x250, 0x2AF),
        (0x370, 0x3FF), (0x400, 0x4FF), (0x531, 0x587), (0x591, 0x5F4), (0x600, 0x6FF), (0x700, 0x74F), (0x7C0, 0x7FF),
        (0x8A0, 0x8FF), (0x900, 0x97F), (0x980, 0x9FF), (0xA01, 0xA76), (0xA81, 0xAFF), (0xB01, 0xB77), (0xB82, 0xBFA),
        (0xC00, 0xC7F), (0xC80, 0xCF3), (0xD00, 0xD7F), (0xD81, 0xDF4), (0xE01, 0xE5B), (0xE81, 0xEDF), (0xF00, 0xFDA),
        (0x1000, 0x109F), (0x10A0, 0x10FF), (0x1100, 0x11FF), (0x1200, 0x137F), (0x13A0, 0x13FF), (0x1780, 0x17F9),
        (0x1800, 0x18AA), (0x1AB0, 0x1ACE), (0x1C90, 0x1CBF), (0x1DC0, 0x1DFF), (0x1E00, 0x1FFE), (0x2000, 0x206F),
        (0x2070, 0x209F), (0x20A0, 0x20F0), (0x2100, 0x218F), (0x2190, 0x23FF), (0x2460, 0x24FF), (0x2C00, 0x2DFF),
        (0x2E00, 0x2E5D), (0x2F00, 0x2FD5), (0x3001, 0x30FF), (0x3131, 0x318E), (0x3200, 0x33FF), (0x3400, 0x3500),
        (0x4E00, 0x4FFF), (0x9F00, 0x9FFF), (0xA000, 0xA48C), (0xA640, 0xA69F), (0xA700, 0xA7FF), (0xA880, 0xA8FF),
        (0xAA00, 0xAADF), (0xAB30, 0xABF9), (0xAC00, 0xD7A3), (0xE000, 0xE0FF), (0xF900, 0xFAD9), (0xFB00, 0xFB4F),
        (0xFB50, 0xFDFF), (0xFE00, 0xFE6F), (0xFF01, 0xFFEE), (0x10000, 0x100FA), (0x10330, 0x1034A), (0x10400, 0x1044F),
        (0x10D24, 0x10D65), (0x11000, 0x1107F), (0x11100, 0x11146), (0x11930, 0x11959), (0x12000, 0x12399), (0x13430, 0x1343F),
        (0x16EA0, 0x16ED3), (0x1D100, 0x1D1FF), (0x1D400, 0x1D7FF), (0x1E130, 0x1E13D), (0x1E900, 0x1E95F), (0x1F100, 0x1F2FF),
        (0x1F300, 0x1FAFF), (0x20000, 0x20100), (0x2A6D0, 0x2A750), (0x2B740, 0x2B820), (0x2F800, 0x2FA1D), (0x30000, 0x30020),
        (0xE0020, 0xE007F), (0xF0000, 0xF0010), (0x10FFF0, 0x10FFFF),
    ];

    private readonly Random _random = new(seed);

    public List<string> Texts(int count) => [.. Enumerable.Range(0, count).Select(_ => Text())];

    public string Text() => _random.Next(20) switch
    {
        0 => string.Empty,
        1 => Mixed(1),
        2 => Noise(_random.Next(1, 40)),
        3 => LongWord(),
        4 => Marks(),
        < 9 => Words(_random.Next(1, 30), oneScript: true),
        < 12 => Words(_random.Next(1, 12), oneScript: false),
        _ => Mixed(_random.Next(2, 25)),
    };

    /// <summary>Words of a small made-up language, so that a vocabulary learned from some fits others.</summary>
    public string Sentence()
    {
        var text = new StringBuilder();
        for (var words = _random.Next(3, 20); words > 0; words--)
        {
            text.Append(Syllables()).Append(words > 1 ? " " : ".");
        }
        return text.ToString();
    }

    private string Mixed(int parts)
    {
        var text = new StringBuilder();
        for (var part = 0; part < parts; part++)
        {
            text.Append(_random.Next(12) switch
            {
                0 => Pick(Emoji),
                1 => Pick(Contractions),
                2 or 3 => Pick(Oddities),
                4 => char.ConvertFromUtf32(AnyCodePoint()),
                < 8 => Syllables(),
                _ => Word(Pick(Scripts)),
            });
            if (_random.Next(3) > 0)
            {
                text.Append(Pick(Spaces));
            }
        }
        return text.ToString();
    }

    private string Words(int count, bool oneScript)
    {
        var script = Pick(Scripts);
        return string.Join(' ', Enumerable.Range(0, count).Select(_ => Word(oneScript ? script : Pick(Scripts))));
    }

    private string Word((int First, int Last) script)
    {
        var text = new StringBuilder();
        for (var length = _random.Next(1, 9); length > 0; length--)
        {
            text.Append(char.ConvertFromUtf32(_random.Next(script.First, script.Last + 1)));
            if (_random.Next(10) == 0)
            {
                text.Append((char)_random.Next(0x300, 0x370));
            }
        }
        return text.ToString();
    }

    private string Syllables()
    {
        string[] syllables = ["ba", "ke", "li", "mo", "nu", "sta", "tr", "ing", "er", "the", "qu", "zo", "ka", "ри", "мо", "ко", "ни", "σα", "το", "東", "京", "の", "ка"];
        var word = string.Concat(Enumerable.Range(0, _random.Next(1, 5)).Select(_ => Pick(syllables)));
        return _random.Next(6) == 0 ? string.Concat(word[..1].ToUpperInvariant(), word.AsSpan(1)) : word;
    }

    private string LongWord()
    {
        var length = _random.Next(50, 400);
        return _random.Next(3) switch
        {
            0 => new string('a', length),
            1 => string.Concat(Enumerable.Range(0, length / 3).Select(_ => Syllables())),
            _ => string.Concat(Enumerable.Range(0, length).Select(_ => char.ConvertFromUtf32(AnyCodePoint()))),
        };
    }

    private string Marks()
    {
        var text = new StringBuilder(Word(Pick(Scripts)));
        for (var count = _random.Next(1, 50); count > 0; count--)
        {
            text.Append(_random.Next(4) == 0 ? (char)_random.Next(0x591, 0x5BE) : (char)_random.Next(0x300, 0x370));
            if (_random.Next(8) == 0)
            {
                text.Append(char.ConvertFromUtf32(AnyCodePoint()));
            }
        }
        return text.ToString();
    }

    private string Noise(int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => char.ConvertFromUtf32(AnyCodePoint())));

    private int AnyCodePoint()
    {
        while (true)
        {
            var codePoint = _random.Next(4) switch
            {
                0 => _random.Next(0x80),
                1 => _random.Next(0x3000),
                2 => _random.Next(0x20000),
                _ => _random.Next(0x110000),
            };
            if (codePoint is < 0xD800 or > 0xDFFF)
            {
                return codePoint;
            }
        }
    }

    private T Pick<T>(T[] choices) => choices[_random.Next(choices.Length)];
}
