namespace SearchEngine.Evaluation;

/// <summary>
/// Terms for the reference BM25: runs of letters and digits in lower case, without stop words of <see cref="Stopwords"/>, with
/// the plural s taken off by Harman's three rules (1991): no full stemmer, and
/// nothing hidden.
/// </summary>
public static class PlainTerms
{
    /// <summary>Lucene's short English list.</summary>
    private static readonly HashSet<string> Stopwords = new(StringComparer.Ordinal)
    {
        "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "no", "not", "of", "on",
        "or", "such", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was", "will", "with",
    };

    public static List<string> Of(ReadOnlySpan<char> text)
    {
        var terms = new List<string>();
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var inside = i < text.Length && char.IsLetterOrDigit(text[i]);
            if (inside && start < 0)
                start = i;
            if (inside || start < 0)
                continue;
            var word = text[start..i].ToString().ToLowerInvariant();
            start = -1;
            if (!Stopwords.Contains(word))
                terms.Add(Singular(word));
        }
        return terms;
    }

    private static string Singular(string term)
    {
        const int Least = 4;
        if (term.Length < Least || !Ends(term, "s"))
            return term;
        if (Ends(term, "ies"))
            return Ends(term, "eies") || Ends(term, "aies") ? term : term[..^3] + "y";
        if (Ends(term, "es"))
            return Ends(term, "aes") || Ends(term, "ees") || Ends(term, "oes") ? term : term[..^1];
        return Ends(term, "us") || Ends(term, "ss") ? term : term[..^1];
    }

    private static bool Ends(string term, string suffix) => term.EndsWith(suffix, StringComparison.Ordinal);
}
