using SearchEngine.Models.Folder;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Onnx;
using SearchEngine.Models.Onnx.Writing;
using SearchEngine.Models.Tokenizers;
using SearchEngine.Training.Learning;
using SearchEngine.Training.Reranking;
using SearchEngine.Training.Vocabulary;

namespace SearchEngine.Training.Export;

/// <summary>Writes what the encoder process opens: graph, tokenizer, descriptor, and golden texts where ONNX Runtime is at hand.</summary>
internal static class ModelFolder
{
    private static readonly string[] GoldenQueries = ["what is a wing", "how does heat flow in a plate", "music player", "zzxqj 42"];

    private static readonly string[] GoldenDocuments =
    [
        "A wing is a surface that produces lift when it moves through the air.", "Plays music files from the command line.",
    ];

    public static void WriteEncoder(
        string folder, string name, EncoderParameters trained, WordPieceFile vocabulary, int maxTokens)
    {
        var encoder = new ExportedEncoder(trained);
        var queryMark = VocabularyFile.QueryMarkId;
        Write(folder, vocabulary, EncoderGraph.Of(encoder, queryMark), new EncoderDescriptor
        {
            Name = name,
            MaxTokens = maxTokens,
            QueryTemplate = $"{VocabularyFile.QueryMark} {EncoderDescriptor.TextMark}",
            DocumentTemplate = $"{VocabularyFile.DocumentMark} {EncoderDescriptor.TextMark}",
            Pooling = PoolingMode.Model,
            Normalization = VectorNormalization.Unit,
            Dense = new DenseHead(
                EncoderGraph.Vector, trained.Dimension, [.. EncoderTrainer.PrefixesOf(trained.Dimension).SkipLast(1)]),
            Multi = new MultiHead(EncoderGraph.TokenVectors, EncoderGraph.TokenElements(trained.Dimension)),
        });
    }

    public static void WriteReranker(
        string folder, string name, PairTable table, PairScorer scorer, WordPieceFile vocabulary, int maxTokens) =>
        Write(folder, vocabulary, RerankerGraph.Of(table, scorer), new EncoderDescriptor
        {
            Name = name,
            MaxTokens = maxTokens,
            Pooling = PoolingMode.Model,
            Score = new ScoreHead(RerankerGraph.Score),
        });

    private static void Write(string folder, WordPieceFile vocabulary, OnnxModel model, EncoderDescriptor descriptor)
    {
        Directory.CreateDirectory(folder);
        WriteAside(Path.Combine(folder, descriptor.TokenizerFile), vocabulary.Write);
        WriteAside(Path.Combine(folder, descriptor.ModelFile), model.WriteTo);
        EncoderFile.Write(folder, descriptor);
    }

    /// <summary>Opens the folder as the encoder process will and stores what it gives for a few texts.</summary>
    public static void WriteGolden(string folder, OnnxRuntime runtime)
    {
        using var model = EncoderModel.Open(folder, runtime);
        GoldenFile.Write(model, model.Descriptor.Score != null
            ? GoldenQueries.SelectMany(query => GoldenDocuments.Select(document => Pair(query, document)))
            : [.. GoldenQueries.Select(text => Single(text, EncoderSide.Query)), .. GoldenDocuments.Select(text => Single(text, EncoderSide.Document))]);
    }

    private static GoldenText Single(string text, EncoderSide side) => new(text, null, side, "", [], [], null);

    private static GoldenText Pair(string query, string document) => new(query, document, EncoderSide.Query, "", [], null, 0);

    private static void WriteAside(string path, Action<Stream> write)
    {
        using (var stream = File.Create(path + ".new"))
            write(stream);
        File.Move(path + ".new", path, overwrite: true);
    }
}
