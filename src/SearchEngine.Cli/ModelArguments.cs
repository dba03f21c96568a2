using SearchEngine.Cli.Remote;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Onnx;

namespace SearchEngine.Cli;

/// <summary>Model folders that commands are given.</summary>
internal static class ModelArguments
{
    /// <exception cref="InputException">The model lacks the output that the command needs.</exception>
    public static EncoderModel Open(string folder, EncoderOutputs needed, OnnxRuntime runtime, int threads)
    {
        var session = OnnxSessionOptions.Default with { IntraOpThreads = threads };
        var model = EncoderModel.Open(folder, runtime, EncoderModelOptions.Default with { Session = session });
        if (model.Outputs.HasFlag(needed))
            return model;
        model.Dispose();
        throw new InputException($"{folder} gives {model.Outputs}, and {needed} is needed.");
    }
}
