using Microsoft.Extensions.Logging;
using SearchEngine.Encoder.Operations;
using SearchEngine.Models.Folder;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Onnx;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Encoder.Loading;

/// <summary>Opens the folders of a process: all, or none with the reason.</summary>
internal static class ModelOpening
{
    public static ModelShelf Open(EncoderServerOptions options, ILogger log)
    {
        var runtime = LoadRuntime(options);
        var models = new List<LoadedModel>();
        try
        {
            foreach (var folder in options.Models)
            {
                var model = Open(folder, runtime, options);
                models.Add(model);
                RequireDistinct(models);
                EncoderLog.Opened(log, model.Name, folder, model.Fingerprint.Space, model.Encoder.Session.Providers.ToString());
                foreach (var note in model.Encoder.Notes.Where(n => n.IsGuess))
                    EncoderLog.Guess(log, model.Name, note.Subject, note.Text);
            }
            return new ModelShelf(models);
        }
        catch
        {
            foreach (var model in models)
                model.Dispose();
            throw;
        }
    }

    private static OnnxRuntime LoadRuntime(EncoderServerOptions options)
    {
        try
        {
            return OnnxRuntime.Load(new OnnxRuntimeOptions { LibraryPath = options.OnnxRuntimePath });
        }
        catch (OnnxLibraryException missing)
        {
            throw new EncoderStartException(missing.Message, missing);
        }
    }

    private static LoadedModel Open(string folder, OnnxRuntime runtime, EncoderServerOptions options)
    {
        try
        {
            var encoder = EncoderModel.Open(folder, runtime, options.ModelOptions());
            return new LoadedModel(NameOf(encoder), encoder);
        }
        catch (Exception refused) when (refused is ModelFolderException or OnnxModelException or TokenizerException or TextRejectedException
            or OnnxException or IOException or UnauthorizedAccessException)
        {
            var what = refused is TokenizerException ? $"tokenizer.json, {refused.Message}" : refused.Message;
            throw new EncoderStartException($"The model folder {folder} is refused: {what}", refused);
        }
    }

    /// <summary>What the descriptor says, else the folder's own name.</summary>
    private static string NameOf(EncoderModel encoder)
    {
        var name = encoder.Descriptor.Name;
        return name.Length > 0 ? name : Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(encoder.Folder)));
    }

    private static void RequireDistinct(List<LoadedModel> models)
    {
        var name = models[^1].Name;
        if (models.Count(m => string.Equals(m.Name, name, StringComparison.Ordinal)) > 1)
            throw new EncoderStartException($"Two models are named \"{name}\"; give one another name in its encoder.json.");
    }
}
