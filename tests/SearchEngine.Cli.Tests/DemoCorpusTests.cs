using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using SearchEngine.Evaluation;
using Xunit;

namespace SearchEngine.Cli.Tests;

/// <summary>What the README of the demo corpus promises: counts, judgements, marks, and that counting words does not solve it.</summary>
public sealed class DemoCorpusTests
{
    private const int LongestLineBytes = 8 * 1024;
    private const int ShortestWords = 40, LongestWords = 160, LongWords = 600;

    private static readonly string[] Audiences = ["admin", "auditor", "developer", "driver", "finance", "installer", "member"];
    private static readonly string[] Regions = ["eu", "us", "apac"];
    private static readonly string[] Kinds = ["paraphrase", "codename", "role", "near_duplicate", "long", "filter"];

    private static DemoPassage[] Passages => DemoCorpusFiles.Passages;

    private static DemoQuestion[] Questions => DemoCorpusFiles.Questions;

    private static Dictionary<string, DemoPassage> ById => DemoCorpusFiles.ById;

    [Fact]
    public void EveryLine_IsShortPrintableAscii()
    {
        foreach (string path in DemoCorpusFiles.Paths)
        {
            foreach ((int number, string line) in File.ReadLines(path).Index())
            {
                Assert.True(line.Length <= LongestLineBytes, $"{Path.GetFileName(path)}:{number + 1} has {line.Length} bytes.");
                Assert.True(line.All(letter => letter is >= ' ' and <= '~'), $"{Path.GetFileName(path)}:{number + 1} is not printable ASCII.");
            }
        }
    }

    [Fact]
    public void EveryPassage_HasItsOwnIdTitleAndTextAndAllAttributes()
    {
        Assert.InRange(Passages.Length, 420, 500);
        Assert.Equal(Passages.Length, Passages.Select(passage => passage.Title).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Passages.Length, Passages.Select(passage => passage.Text).Distinct(StringComparer.Ordinal).Count());
        foreach (DemoPassage passage in Passages)
        {
            Assert.Matches("^[a-z0-9-]+$", passage.Id);
            Assert.True(passage.Words is >= ShortestWords and <= LongestWords or > LongWords, $"{passage.Id} has {passage.Words} words.");
            Assert.Contains(passage.Attribute("audience"), Audiences);
            Assert.Equal("en", passage.Attribute("language"));
            Assert.NotEqual("", passage.Attribute("product"));
            Assert.Equal(2026, DateOnly.ParseExact(passage.Attribute("updated"), "yyyy-MM-dd", CultureInfo.InvariantCulture).Year);
            Assert.InRange(passage.Attributes.GetProperty("version").GetInt32(), 1, 8);
            string[] regions = [.. passage.Attributes.GetProperty("region").EnumerateArray().Select(region => region.GetString()!)];
            Assert.NotEmpty(regions);
            Assert.All(regions, region => Assert.Contains(region, Regions));
        }
    }

    [Fact]
    public void EveryQuestion_IsJudgedByPassagesThatExist()
    {
        Assert.True(Questions.Length >= 140, $"{Questions.Length} questions.");
        Assert.Equal(Questions.Length, Questions.Select(question => question.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.True(Questions.Count(question => question.Kind == "codename") >= 15, "Fewer than 15 questions with a codename.");
        Assert.True(Questions.Count(question => question.Filter is not null) >= 10, "Fewer than 10 questions with a filter.");
        foreach (DemoQuestion question in Questions)
        {
            Assert.Contains(question.Kind, Kinds);
            Assert.InRange(question.Text.Split(' ').Length, 2, 25);
            Assert.NotEmpty(question.Answers);
            Assert.Equal(question.Relevant.Length, question.Relevant.Select(judgement => judgement.Id).Distinct(StringComparer.Ordinal).Count());
            Assert.All(question.Relevant, judgement => Assert.True(ById.ContainsKey(judgement.Id) && judgement.Grade is 1 or 2, $"{question.Id}: {judgement}"));
            if (question.Distractor is null) continue;
            Assert.True(ById.ContainsKey(question.Distractor), $"{question.Id} has an unknown distractor {question.Distractor}.");
            Assert.DoesNotContain(question.Distractor, question.Relevant.Select(judgement => judgement.Id));
        }
    }

    [Fact]
    public void AFilter_AdmitsTheAnswerAndShutsTheDistractorOut()
    {
        Assert.All(Questions.Where(question => question.Kind == "filter"), question => Assert.NotNull(question.Filter));
        foreach (DemoQuestion question in Questions.Where(question => question.Filter is not null))
        {
            Assert.All(question.Answers, answer => Assert.True(question.Admits(ById[answer]), $"{question.Id}: the filter loses {answer}."));
            Assert.False(question.Admits(ById[question.Distractor!]), $"{question.Id}: the filter lets {question.Distractor} through.");
        }
    }

    [Fact]
    public void Questions_AreInOtherWordsThanTheirAnswers()
    {
        double[] overlaps = [.. Questions.Select(Overlap).Order()];
        Assert.True(overlaps[overlaps.Length / 2] <= 0.34, $"Half of the questions share {overlaps[overlaps.Length / 2]:P0} of their words with the answer.");
        double[] paraphrases = [.. Questions.Where(question => question.Kind == "paraphrase").Select(Overlap).Order()];
        Assert.True(paraphrases[paraphrases.Length / 2] <= 0.27, $"Half of the paraphrases share {paraphrases[paraphrases.Length / 2]:P0}.");
    }

    [Fact]
    public void Distractors_OftenShareMoreWordsWithTheQuestionThanTheAnswerDoes()
    {
        DemoQuestion[] astray = [.. Questions.Where(question => question.Distractor is { } distractor &&
            question.Answers.All(answer => Shared(question, distractor) > Shared(question, answer)))];
        Assert.True(astray.Length >= 30, $"Only {astray.Length} distractors share more words.");
    }

    /// <summary>Neither trivial nor hopeless: a corpus that words alone solve shows nothing, and one they never touch is no help centre.</summary>
    [Fact]
    public void MatchingWords_FindsManyAnswersButRarelyFirst()
    {
        var index = new Bm25Index(Passages.Select(passage => ContentWords.InOrder($"{passage.Title} {passage.Text}")), Bm25Options.Default);
        int[] places = [.. Questions.Select(question => PlaceOfAnswer(index, question))];
        double first = places.Count(place => place == 0) / (double)places.Length;
        double firstTen = places.Count(place => place is >= 0 and < 10) / (double)places.Length;
        Assert.InRange(first, 0.1, 0.4);
        Assert.InRange(firstTen, 0.5, 0.8);
    }

    [Fact]
    public void NearDuplicates_AreOneTextForTwoVersionsOrRegions()
    {
        JsonElement[] pairs = [.. DemoCorpusFiles.Marks.GetProperty("near_duplicates").EnumerateArray()];
        Assert.True(pairs.Length >= 20, $"{pairs.Length} pairs.");
        foreach (JsonElement pair in pairs)
        {
            (DemoPassage one, DemoPassage other) = (ById[pair.GetProperty("a").GetString()!], ById[pair.GetProperty("b").GetString()!]);
            HashSet<string> words = ContentWords.Of(one.Text);
            int common = words.Intersect(ContentWords.Of(other.Text), StringComparer.Ordinal).Count();
            words.UnionWith(ContentWords.Of(other.Text));
            Assert.True(common * 2 > words.Count, $"{one.Id} and {other.Id} share {common} of {words.Count} words.");
            Assert.NotEqual((one.Attribute("version"), one.Attribute("region")), (other.Attribute("version"), other.Attribute("region")));
        }
    }

    [Fact]
    public void LookAlikes_AreOneTaskForDifferentAudiences()
    {
        JsonElement[] groups = [.. DemoCorpusFiles.Marks.GetProperty("look_alikes").EnumerateArray()];
        Assert.True(groups.Length >= 20, $"{groups.Length} groups.");
        foreach (JsonElement group in groups)
        {
            string[] audiences = [.. group.GetProperty("passages").EnumerateArray().Select(id => ById[id.GetString()!].Attribute("audience"))];
            Assert.True(audiences.Length >= 2, $"{group}");
            Assert.Equal(audiences.Length, audiences.Distinct(StringComparer.Ordinal).Count());
        }
    }

    [Fact]
    public void Codenames_AreRareAndMarkedWhereTheyOccur()
    {
        JsonElement[] codenames = [.. DemoCorpusFiles.Marks.GetProperty("codenames").EnumerateArray()];
        Assert.True(codenames.Length >= 25, $"{codenames.Length} codenames.");
        var holders = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (JsonElement codename in codenames)
        {
            string name = codename.GetProperty("name").GetString()!;
            string[] found = [.. Passages.Where(passage => Mentions($"{passage.Title} {passage.Text}", name)).Select(passage => passage.Id)];
            Assert.Equal(found, codename.GetProperty("passages").EnumerateArray().Select(id => id.GetString()));
            Assert.InRange(found.Length, 1, 5);
            holders.Add(name, found);
        }
        Assert.All(Questions.Where(question => question.Kind == "codename"), question =>
            Assert.Contains(holders, holder => Mentions(question.Text, holder.Key) && question.Answers.All(holder.Value.Contains)));
    }

    [Fact]
    public void LongPassages_AnswerNearTheirEnd()
    {
        JsonElement[] marks = [.. DemoCorpusFiles.Marks.GetProperty("long").EnumerateArray()];
        string[] ids = [.. marks.Select(mark => mark.GetProperty("id").GetString()!)];
        Assert.Equal(Passages.Where(passage => passage.Words > LongWords).Select(passage => passage.Id), ids);
        Assert.True(ids.Length >= 5, $"{ids.Length} long passages.");
        foreach (JsonElement mark in marks)
        {
            string text = ById[mark.GetProperty("id").GetString()!].Text;
            int answer = text.IndexOf(mark.GetProperty("answer").GetString()!, StringComparison.Ordinal);
            Assert.True(answer >= text.Length * 0.85, $"{mark} stands at {answer} of {text.Length}.");
        }
        Assert.All(Questions.Where(question => question.Kind == "long"), question => Assert.All(question.Answers, answer => Assert.Contains(answer, ids)));
    }

    private static bool Mentions(string text, string name) => Regex.IsMatch(text, $@"\b{Regex.Escape(name)}\b", RegexOptions.CultureInvariant);

    private static int Shared(DemoQuestion question, string passage) =>
        ContentWords.Of(question.Text).Intersect(ContentWords.Of(ById[passage]), StringComparer.Ordinal).Count();

    private static double Overlap(DemoQuestion question) =>
        question.Answers.Max(answer => Shared(question, answer)) / (double)ContentWords.Of(question.Text).Count;

    private static int PlaceOfAnswer(Bm25Index index, DemoQuestion question) =>
        Array.FindIndex(
            [.. index.Search(ContentWords.InOrder(question.Text), Passages.Length).Select(hit => Passages[hit.Document]).Where(question.Admits)],
            passage => question.Answers.Contains(passage.Id, StringComparer.Ordinal));
}
