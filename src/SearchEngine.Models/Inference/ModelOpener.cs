using SearchEngine.Models.Folder;
using SearchEngine.Models.Folder.Exports;
using SearchEngine.Models.Onnx;
using SearchEngine.Models.Onnx.Loading;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Models.Inference;

/// <summary>Opens a folder: files, then tokenizer, then model, then whether they fit, at last a run that proves it.</summary>
internal static class ModelOpener
{
    private const string TokenizerName = "tokenizer.json";

    /// <summary>Long enough to meet tables of positions that are too short in most models, short enough to cost little.</summary>
    private const int LongestProbe = 512;

    public static EncoderModel Open(string folder, OnnxRuntime runtime, EncoderModelOptions options)
    {
        var files = new FolderFiles(folder);
        var notes = new List<FolderNote>();
        var written = EncoderFile.Read(files);
        var facts = written == null ? ExportFiles.Read(files) : null;
        var modelFile = written?.ModelFile ?? ExportReader.ModelFile(files, options.Variant);
        var tokenizer = Tokenizer.Load(files.Require(written?.TokenizerFile ?? TokenizerName), options.Tokenizer);
        var session = runtime.OpenSession(files.Require(modelFile), options.Session);
        try
        {
            var descriptor = written ?? ExportReader.Derive(facts!, modelFile, session.Outputs, tokenizer);
            if (facts != null)
                notes.AddRange(facts.Notes.OrderByDescending(note => note.IsGuess));
            Check(descriptor, facts, tokenizer);
            var inputs = ModelFit.Inputs(descriptor, session.Inputs);
            ModelFit.CheckOutputs(descriptor, session.Outputs);
            var fingerprint = Fingerprint(files, descriptor, facts, tokenizer, session, runtime, options, notes);
            var model = new EncoderModel(
                runtime, session, tokenizer, new ModelFacts(files.Root, descriptor, fingerprint, notes, inputs));
            Probe(model);
            return model;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static void Check(EncoderDescriptor descriptor, ExportFacts? facts, Tokenizer tokenizer)
    {
        var least = tokenizer.SpecialTokensOfText;
        if (descriptor.MaxTokens <= least)
        {
            throw new ModelFolderException(
                EncoderFile.FileName, "max_tokens", $"It is {descriptor.MaxTokens}, and the tokenizer's special tokens alone are {least}.");
        }
        if (descriptor.Padding.Id >= tokenizer.IdBound)
        {
            throw new ModelFolderException(
                EncoderFile.FileName, "padding.id", $"It is {descriptor.Padding.Id}, and the tokenizer has ids below {tokenizer.IdBound}.");
        }
        if (facts?.VocabularySize < tokenizer.IdBound)
        {
            throw new ModelFolderException(
                "config.json", "vocab_size", $"It is {facts.VocabularySize}, and the tokenizer has ids up to {tokenizer.IdBound - 1}.");
        }
    }

    /// <summary>Runs the greatest id over a long text: a table that is too short fails here and not at the first odd text.</summary>
    private static void Probe(EncoderModel model)
    {
        var text = new TokenSequence();
        for (var i = 0; i < Math.Min(model.Descriptor.MaxTokens, LongestProbe); i++)
            text.AddSpecial(model.Tokenizer.IdBound - 1, 0);
        try
        {
            using var run = model.CreateRun();
            run.Encode([text], new EncodeBatchOptions { Outputs = model.Outputs }, new EncodedBatch());
        }
        catch (Exception fault) when (fault is OnnxException or OnnxTensorException)
        {
            throw new ModelFolderException(
                model.Descriptor.ModelFile, "",
                $"A run of {text.Count} tokens with the tokenizer's greatest id {model.Tokenizer.IdBound - 1} failed; is max_tokens or the "
                + $"vocabulary beyond the model's? {fault.Message}",
                fault);
        }
    }

    private static ModelFingerprint Fingerprint(
        FolderFiles files, EncoderDescriptor descriptor, ExportFacts? facts, Tokenizer tokenizer, OnnxSession session,
        OnnxRuntime runtime, EncoderModelOptions options, List<FolderNote> notes)
    {
        var limits = options.Session.Limits;
        var inUse = HashOf(files.Require(descriptor.ModelFile), limits);
        var weights = descriptor.ReferenceWeights ?? inUse;
        if (facts != null && options.Variant != ModelVariant.Full)
        {
            if (ExportReader.ReferenceFile(files) is { } reference)
                weights = HashOf(files.Require(reference), limits);
            else
                notes.Insert(0, new FolderNote(
                    "reference_weights", IsGuess: true, $"{descriptor.ModelFile} itself: the full model is not in the folder"));
        }
        var space = FingerprintMaker.Space(descriptor, weights, tokenizer.Fingerprint);
        var precision = string.Join(",", session.Outputs.Select(output => output.ElementType));
        var provider = session.Providers.Running
            ?? session.Providers.Attempts.FirstOrDefault(attempt => attempt.Outcome == OnnxProviderOutcome.Registered)?.Name ?? "";
        var build = FingerprintMaker.Build(space, inUse, precision, provider, runtime.Version);
        return new ModelFingerprint(space, build, weights, inUse, tokenizer.Fingerprint);
    }

    private static string HashOf(string path, OnnxModelLimits limits)
    {
        ModelGate.CheckFile(path, limits);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var summary = new ModelWalker(new ProtobufReader(file), limits).Walk();
        return WeightsHash.Of(path, [.. summary.External.Select(data => data.Location)]);
    }
}
