namespace SearchEngine.Models.Folder;

/// <summary>What the model's sparse output is, before it becomes weights of vocabulary entries.</summary>
public enum SparseForm
{
    /// <summary>One number per token, [batch, sequence] or [batch, sequence, 1]: ReLU, then the largest per token id.</summary>
    TokenWeights,

    /// <summary>Logits [batch, sequence, vocabulary]: the largest over the tokens, ReLU, log(1 + x), as SPLADE has it.</summary>
    TokenLogits,

    /// <summary>Weights [batch, vocabulary], ready; those above 0 count.</summary>
    Vocabulary,
}
