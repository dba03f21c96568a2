using SearchEngine.Models.Inference;

namespace SearchEngine.Encoder.Batching;

/// <summary>Texts that may share a batch: one model, and one way of running it.</summary>
internal readonly record struct BatchGroup(ModelPace Pace, EncodeBatchOptions Options)
{
    /// <summary>What a text of so many tokens adds to the work that waits: one that shares its batch with nobody, all of it.</summary>
    public double ShareMillis(int tokens) => Options.Determinism == BatchDeterminism.BitExact
        ? Pace.Millis(1, Pace.Bucket(tokens))
        : Pace.ShareMillis(tokens);
}
