namespace SearchEngine.Models.Inference;

/// <summary>What a model's input is filled with.</summary>
internal enum InputRole
{
    Ids,
    Mask,
    Types,

    /// <summary>0, 1, 2 … over the tokens, padding apart: some decoders take positions from outside.</summary>
    Positions,
}
