namespace SearchEngine.Server.Encoders.Canaries;

/// <summary>
/// The texts of the server's choice: short ones and longer ones, several scripts, numbers, code and odd characters, so that a change of
/// tokenizer, weights or precision moves at least one of them. Never edited: collections hold the vectors of these very texts.
/// </summary>
internal static class CanaryTexts
{
    public static IReadOnlyList<string> All { get; } =
    [
        "cat",
        "how do I reset my password",
        "The quick brown fox jumps over the lazy dog.",
        "capital of France",
        "Photosynthesis turns light, water and carbon dioxide into sugar and oxygen.",
        "symptoms of iron deficiency",
        "The invoice of 14 March 2021 over 1,249.50 EUR has not been paid.",
        "C# async await deadlock",
        "for (int i = 0; i < n; i++) { sum += a[i] * b[i]; }",
        "SELECT name FROM users WHERE age >= 21 ORDER BY name;",
        "https://example.org/a/b?c=1&d=2#e",
        "wie wird das Wetter morgen",
        "Die Donaudampfschifffahrtsgesellschaft wurde 1829 in Wien gegründet.",
        "¿Dónde está la biblioteca?",
        "L’élève a été très étonné par la réponse du maître.",
        "как приготовить борщ",
        "Земля обращается вокруг Солнца за один год.",
        "北京是中国的首都。",
        "日本で一番高い山は富士山です。",
        "한국의 수도는 서울이다.",
        "ما هي عاصمة مصر",
        "भारत एक विशाल देश है।",
        "ทำอาหารไทยง่ายๆ",
        "naïve café résumé coöperate",
        "NASA launched Apollo 11 on July 16, 1969.",
        "3.14159 2.71828 1.41421",
        "not good, not bad, not at all",
        "bank of the river",
        "bank that lends money",
        "a a a a a a a a a a a a a a a a",
        "supercalifragilisticexpialidocious antidisestablishmentarianism",
        "Dear Sir or Madam, I am writing to ask whether the position that was advertised last week is still open, and whether applicants "
            + "without a degree, but with several years of practice, are considered.",
    ];
}
