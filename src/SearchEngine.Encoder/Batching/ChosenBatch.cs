namespace SearchEngine.Encoder.Batching;

/// <summary>Texts that an executor has taken from the queue.</summary>
/// <param name="Number">Counts the batches of the queue.</param>
/// <param name="Texts">To run together.</param>
/// <param name="Late">Not to run: they would come too late.</param>
/// <param name="Length">Padded length.</param>
/// <param name="PredictedMillis">What the batch is expected to take.</param>
/// <param name="Started">When it left the queue, by the queue's clock.</param>
internal sealed record ChosenBatch(
    long Number, IReadOnlyList<WaitingText> Texts, IReadOnlyList<WaitingText> Late, int Length, double PredictedMillis, double Started);
