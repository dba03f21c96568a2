using SearchEngine.Models.Folder;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Onnx;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Benchmarks.Encode;

/// <summary>The model opened as the service opens it, for everything that is measured beside the service.</summary>
internal sealed class EncodeSystems : IDisposable
{
    /// <summary>Of the batcher: the token budget and the texts per batch that are common for ONNX Runtime on a CPU.</summary>
    private const int FifoBudget = 16_384, FifoTexts = 8;

    private readonly OnnxRuntime _runtime = OnnxRuntime.Load();

    public EncodeSystems(string folder, int executors)
    {
        Executors = executors;
        Model = EncoderModel.Open(folder, _runtime, new EncoderModelOptions { Session = new OnnxSessionOptions { MemoryPattern = false } });
        Plain = new PlainThroughput(_runtime, Model, executors);
    }

    public int Executors { get; }

    public EncoderModel Model { get; }

    public PlainThroughput Plain { get; }

    public FifoBatcher Fifo() => new(_runtime, Model, Executors, FifoBudget, FifoTexts);

    public TokenSequence Prepare(string text)
    {
        var tokens = new TokenSequence();
        Model.Prepare(text, EncoderSide.Symmetric, "", TruncationPolicy.Error, tokens);
        return tokens;
    }

    public TokenSequence Pair(string query, string document)
    {
        var (first, second, pair) = (new TokenSequence(), new TokenSequence(), new TokenSequence());
        Model.Tokenizer.Tokenize(query, first);
        Model.Tokenizer.Tokenize(document, second);
        Model.PreparePair(first, second, TruncationPolicy.Head, pair);
        return pair;
    }

    public void Dispose()
    {
        Model.Dispose();
        _runtime.Dispose();
    }
}
