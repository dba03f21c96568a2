using SearchEngine.Models.Folder;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Onnx;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Cli;

/// <summary>Model folders that commands are given.</summary>
internal static class ModelArguments
{
    /// <exception cref="ArgumentException">The model lacks the output that the command needs.</exception>
    public static EncoderModel Open(string folder, EncoderOutputs needed, OnnxRuntime runtime, int threads)
    {
        var session = OnnxSessionOptions.Default with { IntraOpThreads = threads };
        var model = EncoderModel.Open(folder, runtime, EncoderModelOptions.Default with { Session = session });
        if (model.Outputs.HasFlag(needed))
            return model;
        model.Dispose();
        throw new ArgumentException($"{folder} gives {model.Outputs}, and {needed} is needed.");
    }

    /// <summary>Faults of files, models and arguments, whose message is the answer; everything else is a fault of ours.</summary>
    public static bool IsOfTheCaller(Exception fault) => fault is IOException or ArgumentException or UnauthorizedAccessException
        or ModelFolderException or OnnxLibraryException or OnnxModelException or OnnxException or TokenizerException or TextRejectedException;
}
