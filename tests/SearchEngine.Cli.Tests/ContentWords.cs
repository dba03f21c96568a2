namespace SearchEngine.Cli.Tests;

/// <summary>
/// What a text is about: its runs of letters and digits in lower case, without function words and with the plural s taken off.
/// Questions are full of function words, so the list is longer than that of the reference BM25.
/// </summary>
internal static class ContentWords
{
    private const int ShortestPlural = 4;

    private static readonly HashSet<string> FunctionWords = new(
        """
        a about after again all also although always am an and another any anyone anything are aren as at away
        back be because been before being between both but by can cannot come could couldn d did do does doing
        done down during each either else even ever every everybody everyone everything few for from get gets
        getting go goes going got had has have having he her here him his how i if in instead into is isn it its
        itself just keep know let like ll long m make many may me mean might more most much must my need needs
        neither never no nobody none nor not nothing now of off on once one only or other our out over own put re
        s say says see set should shouldn so some somebody someone something still such t take than that the
        their them then there these they thing things this those through to too two until up us use used ve via
        want wants was we were what when where whether which while who whom whose why will with within without
        won would wouldn you your yours
        """.Split((char[])[' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries),
        StringComparer.Ordinal);

    public static HashSet<string> Of(string text) => [.. InOrder(text)];

    public static HashSet<string> Of(DemoPassage passage) => Of($"{passage.Title} {passage.Text}");

    public static List<string> InOrder(string text) =>
    [
        .. new string([.. text.Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(word => !FunctionWords.Contains(word))
            .Select(Singular),
    ];

    private static string Singular(string word) =>
        word.Length >= ShortestPlural && word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) ? word[..^1] : word;
}
