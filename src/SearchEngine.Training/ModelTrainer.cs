using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using SearchEngine.Evaluation;
using SearchEngine.Models.Onnx;
using SearchEngine.Models.Tokenizers;
using SearchEngine.Training.Corpus;
using SearchEngine.Training.Export;
using SearchEngine.Training.Judging;
using SearchEngine.Training.Learning;
using SearchEngine.Training.Numerics;
using SearchEngine.Training.Reranking;
using SearchEngine.Training.Vocabulary;

namespace SearchEngine.Training;

/// <summary>
/// From texts to two model folders, <c>encoder</c> and <c>reranker</c>: a tokenizer, an encoder with a head per side, a scorer of
/// pairs. Runs again after an interruption where the last round ended.
/// </summary>
public sealed class ModelTrainer
{
    public const string EncoderFolder = "encoder", RerankerFolder = "reranker";

    private const string CheckpointFile = "training.checkpoint";

    /// <summary>Raised whenever the same inputs would give another model: an older checkpoint is then refused.</summary>
    private const int Version = 2;

    private readonly TrainingOptions _options;
    private readonly string _folder;
    private readonly IProgress<TrainingProgress>? _progress;
    private readonly Workers _workers;

    private ModelTrainer(TrainingOptions options, string folder, IProgress<TrainingProgress>? progress, CancellationToken cancel)
    {
        options.Validate();
        (_options, _folder, _progress, _workers) = (options, folder, progress, new Workers(options.Threads, cancel));
    }

    /// <param name="passages">The corpus.</param>
    /// <param name="pairs">Labelled queries with the id of a passage that answers them; may be empty.</param>
    /// <param name="options">How to train.</param>
    /// <param name="folder">Receives the two model folders and, meanwhile, the checkpoint.</param>
    /// <param name="runtime">Opens what was written and stores golden texts; null leaves that out.</param>
    /// <param name="progress">Told what was done.</param>
    /// <param name="cancel">Stops between two steps; what the last round made stays on disk.</param>
    /// <exception cref="CorpusException">There is nothing to learn from, a pair names no passage, or the checkpoint is another's.</exception>
    public static TrainingReport Train(
        IReadOnlyList<Passage> passages, IReadOnlyList<(string Query, string DocumentId)> pairs, TrainingOptions options,
        string folder, OnnxRuntime? runtime, IProgress<TrainingProgress>? progress = null, CancellationToken cancel = default) =>
        new ModelTrainer(options, folder, progress, cancel).Train(passages, pairs, runtime);

    private TrainingReport Train(
        IReadOnlyList<Passage> passages, IReadOnlyList<(string Query, string DocumentId)> pairs, OnnxRuntime? runtime)
    {
        var words = WordCounts.Of(passages.Select(passage => CleanText.Of(passage.Whole)));
        if (words.Count == 0)
            throw new CorpusException("The corpus has no word to learn from; give it documents with text.");
        var pieces = PieceTrainer.Train(words, _options.Vocabulary - VocabularyFile.Reserved);
        var tokenizer = VocabularyFile.Load(pieces);
        Tell("tokenizer");
        var texts = new TrainingTexts(
            PassageTokens.Of(passages, tokenizer, _options.MaxTokens, _workers), Labelled(passages, pairs, tokenizer), _options.Seed);
        var judge = new HeldOutJudge(texts, _options.MaxTokens, _options.Threads, _workers);
        Directory.CreateDirectory(_folder);
        var checkpoint = new Checkpoint(Path.Combine(_folder, CheckpointFile), Fingerprint(texts, pieces));
        QueryMetrics[] before = [];
        EncoderParameters Start()
        {
            var start = StartingPoint.Of(texts, tokenizer.IdBound, _options, _workers);
            before = judge.Judge(start);
            Tell("co-occurrence");
            return start;
        }
        var encoder = new EncoderTrainer(texts, _options, judge, checkpoint, _workers, _progress).Train(Start, tokenizer.IdBound);
        var table = new PairTable(encoder.Parameters, PairTerms.Of(texts, pieces, _options.Purpose));
        var features = new PairFeatures(table);
        var heldOut = new HeldOutPairs(judge, encoder.Parameters, features, _workers);
        var scorer = new RerankerTrainer(texts, encoder.Parameters, _options, _workers).Train(features, heldOut);
        Tell("reranker");
        Write(encoder.Parameters, table, scorer, VocabularyFile.Of(pieces), runtime);
        checkpoint.Delete();
        var report = new HeldOutReport(passages, texts, judge, encoder.Parameters, heldOut, scorer);
        return report.Of(before, encoder, tokenizer.IdBound, passages.Count(passage => passage.Whole.Length > CleanText.Longest));
    }

    private void Write(EncoderParameters encoder, PairTable table, PairScorer scorer, WordPieceFile vocabulary, OnnxRuntime? runtime)
    {
        var (encoderFolder, rerankerFolder) = (Path.Combine(_folder, EncoderFolder), Path.Combine(_folder, RerankerFolder));
        ModelFolder.WriteEncoder(encoderFolder, _options.Name, encoder, vocabulary, _options.MaxTokens);
        // One encoder process serves both, and names of models are its addresses.
        string rerankerName = _options.Name.Length == 0 ? "" : $"{_options.Name}-reranker";
        ModelFolder.WriteReranker(rerankerFolder, rerankerName, table, scorer, vocabulary, _options.MaxTokens);
        if (runtime == null)
            return;
        ModelFolder.WriteGolden(encoderFolder, runtime);
        ModelFolder.WriteGolden(rerankerFolder, runtime);
    }

    private List<LabelledPair> Labelled(
        IReadOnlyList<Passage> passages, IReadOnlyList<(string Query, string DocumentId)> pairs, Tokenizer tokenizer)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < passages.Count; i++)
            places[passages[i].Id] = i;
        var (labelled, scratch) = (new List<LabelledPair>(), new TokenSequence());
        foreach (var (query, id) in pairs)
        {
            if (!places.TryGetValue(id, out var passage))
                throw new CorpusException($"The pair \"{query}\" names the document \"{id}\", which is not in the corpus.");
            var tokens = PassageTokens.Ids(query, tokenizer, _options.MaxTokens, scratch);
            if (tokens.Length > 0)
                labelled.Add(new LabelledPair(tokens, passage));
        }
        return labelled;
    }

    /// <summary>Everything that decides about the model but the number of threads.</summary>
    private byte[] Fingerprint(TrainingTexts texts, IReadOnlyList<string> pieces)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(ReadOnlySpan<int> tokens)
        {
            hash.AppendData(BitConverter.GetBytes(tokens.Length));
            hash.AppendData(MemoryMarshal.AsBytes(tokens));
        }
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{Version} {_options.Dimension} {_options.Seed} {_options.Steps} {_options.Batch} {_options.Purpose} {_options.Temperature} {_options.MaxTokens}\n")));
        hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', pieces)));
        foreach (var passage in texts.Passages)
        {
            Add(passage.Title);
            Add(passage.Text);
        }
        foreach (var pair in texts.Labelled)
        {
            Add(pair.Query);
            Add([pair.Passage]);
        }
        return hash.GetHashAndReset();
    }

    private void Tell(string phase) => _progress?.Report(new TrainingProgress(phase, 0, 0, 0, null));
}
