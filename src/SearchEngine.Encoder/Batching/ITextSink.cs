using SearchEngine.Encoder.Loading;
using SearchEngine.Models.Inference;

namespace SearchEngine.Encoder.Batching;

/// <summary>Takes results on an executor's thread: copies what it keeps and returns at once. Several executors may call it.</summary>
internal interface ITextSink
{
    LoadedModel Model { get; }

    /// <param name="text">What was run.</param>
    /// <param name="results">Of the batch; valid until this returns.</param>
    /// <param name="row">The text's place in it.</param>
    /// <param name="facts">About the batch.</param>
    void Done(WaitingText text, EncodedBatch results, int row, BatchFacts facts);

    void Failed(WaitingText text, Exception why);
}
