using SearchEngine.Models.Inference;

namespace SearchEngine.Encoder.Batching;

/// <summary>Texts that may share a batch: one model, and one way of running it.</summary>
internal readonly record struct BatchGroup(ModelPace Pace, EncodeBatchOptions Options);
