using SearchEngine.Models.Onnx;
using SearchEngine.Training;
using SearchEngine.Training.Corpus;

namespace SearchEngine.Cli.Demo;

/// <summary>
/// An encoder and a reranker for the demo: those that come with the executable, else small ones that are trained on the
/// bundled passages. Never on the questions: the evaluation would measure memory.
/// </summary>
internal sealed record DemoModels(string Encoder, string Reranker, string Origin)
{
    /// <summary>Enough for every subword of the passages.</summary>
    private const int Vocabulary = 8_000;

    private const string Descriptor = "encoder.json";

    /// <summary>Those beside the executable, or null.</summary>
    public static DemoModels? Bundled() => In(Path.Combine(AppContext.BaseDirectory, "models", "default"), "the default models");

    /// <param name="data">The demo's directory; what was trained stays there for the next time.</param>
    /// <param name="files">The passages.</param>
    /// <param name="say">Told what is done.</param>
    /// <param name="cancel">Stops; what the last round of a training made stays, and the next start goes on from there.</param>
    public static async Task<DemoModels> FindOrTrainAsync(string data, DemoFiles files, Action<string> say, CancellationToken cancel)
    {
        if (Bundled() is { } bundled) return bundled;
        string own = Path.Combine(data, "models");
        string origin = $"trained on the {files.Passages.Count} bundled passages alone";
        if (In(own, origin) is { } trained) return trained;
        say("No default models lie beside the executable: training an encoder and a reranker on the passages, once, in a minute or two.");
        await Task.Run(() => Train(own, files, say, cancel), cancel).ConfigureAwait(false);
        return In(own, origin) ?? throw new IOException($"{own} has no models after the training.");
    }

    private static DemoModels? In(string folder, string origin)
    {
        var models = new DemoModels(Path.Combine(folder, ModelTrainer.EncoderFolder), Path.Combine(folder, ModelTrainer.RerankerFolder), origin);
        return File.Exists(Path.Combine(models.Encoder, Descriptor)) && File.Exists(Path.Combine(models.Reranker, Descriptor)) ? models : null;
    }

    private static void Train(string folder, DemoFiles files, Action<string> say, CancellationToken cancel)
    {
        using var runtime = OnnxRuntime.Load();
        Passage[] passages =
        [
            .. files.Passages.Select(record => new Passage(record.Id.Text, record.Texts["title"], record.Texts["text"])),
        ];
        var options = new TrainingOptions { Vocabulary = Vocabulary, Name = "searchengine-demo" };
        // Written aside, so that a folder is either whole or not there.
        string aside = folder + ".new";
        ModelTrainer.Train(passages, [], options, aside, runtime, new Lines(say), cancel);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.Move(aside, folder);
    }

    private sealed class Lines(Action<string> say) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => say(value.Steps == 0 ? $"  {value.Phase}" : $"  {value.Phase}: step {value.Step} of {value.Steps}");
    }
}
