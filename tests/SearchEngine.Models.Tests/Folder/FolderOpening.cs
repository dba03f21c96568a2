using SearchEngine.Models.Inference;
using SearchEngine.Models.Tests.Onnx;

namespace SearchEngine.Models.Tests.Folder;

internal static class FolderOpening
{
    /// <summary>Opens the folder with the runtime of all tests.</summary>
    public static EncoderModel Open(this TestFolder folder, EncoderModelOptions? options = null) =>
        EncoderModel.Open(folder.Path, SharedRuntime.Get(), options);
}
