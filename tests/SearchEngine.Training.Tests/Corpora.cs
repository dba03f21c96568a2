using SearchEngine.Training.Corpus;

namespace SearchEngine.Training.Tests;

/// <summary>Small corpora made from a seed.</summary>
internal static class Corpora
{
    private const int Subjects = 12, WordsOfSubject = 14;

    /// <summary>Passages about a dozen subjects, each with words of its own and some that all share.</summary>
    public static List<Passage> BySubject(int count, int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, count).Select(i =>
            {
                var subject = i % Subjects;
                string Word() => random.Next(3) == 0 ? $"common{Letters(random.Next(30))}" : $"s{Letters(subject)}w{Letters(random.Next(WordsOfSubject))}";
                string Words(int number) => string.Join(' ', Enumerable.Range(0, number).Select(_ => Word()));
                return new Passage($"d{i}", Words(4), $"{Words(12)} . {Words(10)} . {Words(9)} .");
            }),
        ];
    }

    /// <summary>Letters instead of digits: words like those of a language.</summary>
    public static string Letters(int number) => $"{(char)('a' + number / 26)}{(char)('a' + number % 26)}";
}
