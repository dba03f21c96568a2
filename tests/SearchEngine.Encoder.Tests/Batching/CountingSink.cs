using SearchEngine.Encoder.Batching;
using SearchEngine.Encoder.Loading;
using SearchEngine.Models.Inference;

namespace SearchEngine.Encoder.Tests.Batching;

/// <summary>Keeps what failed; it has no model, so nothing can be run for it.</summary>
internal sealed class CountingSink : ITextSink
{
    public List<Exception> Failures { get; } = [];

    public LoadedModel Model => throw new InvalidOperationException("There is no model.");

    public void Done(WaitingText text, EncodedBatch results, int row, BatchFacts facts) => throw new InvalidOperationException("Nothing can be run.");

    public void Failed(WaitingText text, Exception why) => Failures.Add(why);
}
