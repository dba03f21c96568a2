using SearchEngine.Models.Tests.Tokenizers.Reference;
using Xunit;

namespace SearchEngine.Models.Tests.Tokenizers;

/// <summary>Each normalizer and pre-tokenizer alone, against the reference.</summary>
public sealed class PartReferenceTests
{
    private const int Seed = 815;
    private const int Texts = 1_000;

    public static TheoryData<string> Normalizers =>
    [
        """{"type":"NFC"}""",
        """{"type":"NFD"}""",
        """{"type":"NFKC"}""",
        """{"type":"NFKD"}""",
        """{"type":"Lowercase"}""",
        """{"type":"StripAccents"}""",
        """{"type":"Nmt"}""",
        """{"type":"Strip","strip_left":true,"strip_right":false}""",
        """{"type":"Strip","strip_left":false,"strip_right":true}""",
        """{"type":"Prepend","prepend":"xy"}""",
        """{"type":"ByteLevel"}""",
        """{"type":"Replace","pattern":{"String":"a"},"content":"𝒳y"}""",
        """{"type":"Replace","pattern":{"Regex":"\\p{Lu}\\p{M}*|\\s+"},"content":""}""",
        """{"type":"Sequence","normalizers":[{"type":"NFD"},{"type":"StripAccents"},{"type":"NFC"},{"type":"Lowercase"},{"type":"Prepend","prepend":"▁"}]}""",
        """{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":true,"lowercase":true}""",
        """{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":false,"strip_accents":false,"lowercase":true}""",
    ];

    public static TheoryData<string> PreTokenizers =>
    [
        """{"type":"BertPreTokenizer"}""",
        """{"type":"Whitespace"}""",
        """{"type":"WhitespaceSplit"}""",
        """{"type":"Punctuation","behavior":"Isolated"}""",
        """{"type":"Punctuation","behavior":"Contiguous"}""",
        """{"type":"Digits","individual_digits":true}""",
        """{"type":"Digits","individual_digits":false}""",
        """{"type":"CharDelimiterSplit","delimiter":"a"}""",
        """{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}""",
        """{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true}""",
        """{"type":"Metaspace","replacement":"▁","prepend_scheme":"first","split":true}""",
        """{"type":"Metaspace","replacement":"_","prepend_scheme":"never","split":true}""",
        """{"type":"Metaspace","replacement":"▁","add_prefix_space":false,"prepend_scheme":"never"}""",
        """{"type":"Sequence","pretokenizers":[{"type":"WhitespaceSplit"},{"type":"Metaspace","replacement":"▁","prepend_scheme":"first"},{"type":"Digits","individual_digits":true},{"type":"Punctuation","behavior":"MergedWithPrevious"}]}""",
        WordFiles.Split(@"\s+", "Removed"),
        WordFiles.Split(@"\s", "Removed", invert: true),
        WordFiles.Split(@"\p{P}", "MergedWithPrevious"),
        WordFiles.Split(@"\p{P}", "MergedWithNext"),
        WordFiles.Split(@"\p{L}", "Contiguous"),
        WordFiles.Split(@"\p{L}+", "MergedWithNext", invert: true),
        WordFiles.Split(@"x*", "Isolated"),
        WordFiles.Split(@"a{2}|b{1,2}+|[^\W\d_]{,3}?o|\p{^L}{3,}", "Isolated"),
        WordFiles.Split(@"(?<=\p{Ll})(?=\p{Lu})|(?<!a)b(?!c)", "Isolated"),
        WordFiles.Split(@"\b\w++\b|\B.|(?>a+)ab?", "Isolated"),
        WordFiles.Split(@"^.|.$|\A\s|\s\z|\n\Z", "Isolated"),
        WordFiles.Split(@"(?i:the|KA|'s)|(qu(?-i:E)|[\x{41}-\x{5A}\u00e9\-\]]+|\p{Nd}\P{N}*?\.)", "Isolated"),
        WordFiles.Split(@"(a(?i)k|e)|[\w²]+|[^\w]$|[\W\d]", "Removed"),
        WordFiles.Split(@"[\p{Han}぀-ゟ]+", "Isolated"),
        """{"type":"Split","pattern":{"String":"  "},"behavior":"MergedWithPrevious","invert":false}""",
    ];

    [Theory]
    [MemberData(nameof(Normalizers))]
    public async Task A_normalizer_alone_gives_the_characters_and_ranges_of_the_reference(string normalizer)
    {
        ReferenceTokenizer.Require();
        await Comparison.RequireEqualAsync(normalizer, WordFiles.Normalizer(normalizer), new TextGenerator(Seed).Texts(Texts), Seed);
    }

    [Theory]
    [MemberData(nameof(PreTokenizers))]
    public async Task A_pre_tokenizer_alone_gives_the_pieces_and_ranges_of_the_reference(string preTokenizer)
    {
        ReferenceTokenizer.Require();
        await Comparison.RequireEqualAsync(
            preTokenizer, WordFiles.PreTokenizer(preTokenizer), new TextGenerator(Seed).Texts(Texts), Seed);
    }
}
