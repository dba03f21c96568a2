using SearchEngine.Models.Folder;
using SearchEngine.Models.Onnx;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Models.Inference;

/// <summary>How a model folder is opened.</summary>
public sealed record EncoderModelOptions
{
    public static readonly EncoderModelOptions Default = new();

    public OnnxSessionOptions Session { get; init; } = OnnxSessionOptions.Default;

    public TokenizerLimits Tokenizer { get; init; } = TokenizerLimits.Default;

    /// <summary>Which ONNX file of an export; a folder with encoder.json names its own.</summary>
    public ModelVariant Variant { get; init; } = ModelVariant.Full;
}
