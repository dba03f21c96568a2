using SearchEngine.Evaluation;
using SearchEngine.Testing;
using SearchEngine.Training.Corpus;
using Xunit;

namespace SearchEngine.Training.Tests;

public sealed class TrainerTests
{
    private static readonly TrainingOptions Small = new() { Vocabulary = 600, Dimension = 64, Steps = 60, Batch = 32, Threads = 2, MaxTokens = 64 };

    [Fact]
    public void The_same_texts_and_seed_give_the_same_files_on_any_number_of_threads()
    {
        using var temp = new TempDirectory();
        var passages = Corpora.BySubject(240, 1);
        Train(passages, Small with { Threads = 1 }, temp.File("one"));
        Train(passages, Small with { Threads = 3 }, temp.File("three"));
        Train(passages, Small with { Seed = 2 }, temp.File("other"));
        Assert.Equal(FilesOf(temp.File("one")), FilesOf(temp.File("three")));
        Assert.NotEqual(FilesOf(temp.File("one")), FilesOf(temp.File("other")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void A_training_that_was_stopped_goes_on_to_the_same_files(int rounds)
    {
        using var temp = new TempDirectory();
        var passages = Corpora.BySubject(240, 1);
        Train(passages, Small, temp.File("whole"));
        using var stop = new CancellationTokenSource();
        var reports = 0;
        var progress = new Immediate(told =>
        {
            reports += told.Phase == "encoder" ? 1 : 0;
            if (reports == rounds + 1)
                stop.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => ModelTrainer.Train(passages, [], Small, temp.File("stopped"), null, progress, stop.Token));
        Assert.True(File.Exists(Path.Combine(temp.File("stopped"), "training.checkpoint")), "A stopped training left no checkpoint");
        var resumed = 0;
        ModelTrainer.Train(passages, [], Small, temp.File("stopped"), null, new Immediate(told => resumed += told.Phase == "encoder" ? 1 : 0));
        Assert.True(resumed < 10, $"The training began anew ({resumed} rounds); was the checkpoint read?");
        Assert.Equal(FilesOf(temp.File("whole")), FilesOf(temp.File("stopped")));
    }

    [Fact]
    public void A_checkpoint_of_other_texts_or_a_damaged_one_is_refused()
    {
        using var temp = new TempDirectory();
        using var stop = new CancellationTokenSource();
        var progress = new Immediate(told => { if (told.Step > 0) stop.Cancel(); });
        Assert.ThrowsAny<OperationCanceledException>(() =>
            ModelTrainer.Train(Corpora.BySubject(240, 1), [], Small, temp.Path, null, progress, stop.Token));
        var path = temp.File("training.checkpoint");
        var bytes = File.ReadAllBytes(path);
        var other = Assert.Throws<CorpusException>(() => Train(Corpora.BySubject(240, 2), Small, temp.Path));
        Assert.Contains("another training", other.Message, StringComparison.Ordinal);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Contains("damaged", Assert.Throws<CorpusException>(() => Train(Corpora.BySubject(240, 1), Small, temp.Path)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(path, bytes[..^7]);
        Assert.Contains("bytes", Assert.Throws<CorpusException>(() => Train(Corpora.BySubject(240, 1), Small, temp.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_corpus_without_a_word_is_refused()
    {
        using var temp = new TempDirectory();
        Assert.Throws<CorpusException>(() => Train([], Small, temp.Path));
        Assert.Throws<CorpusException>(() => Train([new Passage("1", "", "   "), new Passage("2", "", "\ud800")], Small, temp.Path));
    }

    public static TheoryData<string> OddCorpora() => ["one", "two", "duplicates", "enormous", "chinese", "mixed", "no titles", "one word each"];

    [Theory]
    [MemberData(nameof(OddCorpora))]
    public void An_odd_corpus_is_trained_on_and_its_model_opens(string kind)
    {
        using var temp = new TempDirectory();
        var report = Train(Odd(kind), Small with { Steps = 20 }, temp.Path);
        Assert.True(report.Pieces > 0);
        if (kind == "enormous")
            Assert.Equal(1, report.Cut);
        using var runtime = Runtime.LoadOrSkip();
        foreach (var folder in new[] { ModelTrainer.EncoderFolder, ModelTrainer.RerankerFolder })
        {
            using var model = Models.Inference.EncoderModel.Open(Path.Combine(temp.Path, folder), runtime);
            Assert.Empty(model.Notes.Where(note => note.IsGuess));
        }
    }

    [Fact]
    public void An_encoder_is_called_better_only_where_its_interval_says_so()
    {
        TrainingReport Report(Interval? difference) => new()
        {
            Passages = 1,
            Pieces = 1,
            Cut = 0,
            Steps = 1,
            BestStep = 1,
            RanOutOfTime = false,
            HeldOut = 1,
            Rankings = [],
            AgainstBm25 = difference,
            AgainstStart = null,
        };
        Assert.StartsWith("better", Report(new Interval(0.1, 0.01, 0.2)).Verdict, StringComparison.Ordinal);
        Assert.StartsWith("not distinguishable", Report(new Interval(0.1, -0.01, 0.2)).Verdict, StringComparison.Ordinal);
        Assert.StartsWith("worse", Report(new Interval(-0.1, -0.2, -0.01)).Verdict, StringComparison.Ordinal);
        Assert.StartsWith("not judged", Report(null).Verdict, StringComparison.Ordinal);
    }

    private static List<Passage> Odd(string kind) => kind switch
    {
        "one" => [new Passage("1", "title", "the only text there is")],
        "two" => [new Passage("1", "", "first text"), new Passage("2", "", "second text")],
        "duplicates" => [.. Enumerable.Range(0, 40).Select(i => new Passage($"{i}", "the same title", "the same text again and again"))],
        "enormous" =>
        [
            .. Corpora.BySubject(30, 1), new Passage("big", "big", string.Join(' ', Enumerable.Range(0, 400_000).Select(i => $"w{i % 977}"))),
        ],
        "chinese" => [.. Enumerable.Range(0, 60).Select(i => new Passage($"{i}", "飞机的机翼", $"机翼产生升力。第{i}个实验测量了阻力和升力。" + (char)('一' + i)))],
        "mixed" =>
        [
            .. Enumerable.Range(0, 60).Select(i => new Passage(
                $"{i}", i % 3 == 0 ? "Крыло самолёта" : "جناح الطائرة", $"Подъёмная сила 😀 {i} والسحب \u0000 cafe\u0301 \ud83d")),
        ],
        "no titles" => [.. Corpora.BySubject(40, 1).Select(passage => passage with { Title = "" })],
        _ => [.. Enumerable.Range(0, 40).Select(i => new Passage($"{i}", "", Corpora.Letters(i)))],
    };

    private static TrainingReport Train(IReadOnlyList<Passage> passages, TrainingOptions options, string folder) =>
        ModelTrainer.Train(passages, [], options, folder, null);

    private static Dictionary<string, string> FilesOf(string folder) => Directory
        .GetFiles(folder, "*", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(folder, path), path => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))));

    private sealed class Immediate(Action<TrainingProgress> told) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => told(value);
    }
}
