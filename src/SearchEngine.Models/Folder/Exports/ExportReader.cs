using SearchEngine.Models.Onnx;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Models.Folder.Exports;

/// <summary>Derives a descriptor from an export as downloaded. What no file says is guessed, and said to be.</summary>
internal static class ExportReader
{
    /// <summary>Positions that RoBERTa and its kin never use: they count from behind the padding id.</summary>
    private const int ReservedPositions = 2;

    private const int UsualMaxTokens = 512;

    private static readonly string[] RobertaKin = ["roberta", "xlm-roberta", "camembert", "mpnet", "xlm-roberta-xl"];

    private static readonly string[] Folders = ["onnx/", ""];

    /// <summary>The ONNX file of a variant.</summary>
    public static string ModelFile(FolderFiles files, ModelVariant variant)
    {
        string[] names = variant switch
        {
            ModelVariant.Full => ["model.onnx"],
            ModelVariant.Float16 => ["model_fp16.onnx"],
            _ => ["model_quantized.onnx", "model_int8.onnx", "model_qint8_avx512_vnni.onnx", "model_qint8_avx512.onnx", "model_qint8_arm64.onnx"],
        };
        foreach (var name in names)
        {
            foreach (var folder in Folders)
            {
                if (files.Find(folder + name) != null)
                    return folder + name;
            }
        }
        throw new ModelFolderException(
            Folders[0] + names[0], "", $"The folder {files.Root} has no ONNX file for the variant {variant}: neither there nor beside config.json.");
    }

    /// <summary>The full model beside a variant, whose weights are the reference; null where it is not there.</summary>
    public static string? ReferenceFile(FolderFiles files) =>
        Folders.Select(folder => folder + "model.onnx").FirstOrDefault(name => files.Find(name) != null);

    public static EncoderDescriptor Derive(
        ExportFacts facts, string modelFile, IReadOnlyList<OnnxTensorInfo> outputs, Tokenizer tokenizer)
    {
        var descriptor = new EncoderDescriptor
        {
            Name = facts.Name,
            ModelFile = modelFile,
            MaxTokens = MaxTokens(facts),
            Padding = Padding(facts, tokenizer),
        };
        CheckCase(facts, tokenizer);
        descriptor = ExportHeads.Apply(descriptor, facts, outputs);
        if (descriptor.Dense is { } dense)
            descriptor = descriptor with { Dense = dense with { AllowedDimensions = ShortDimensions(facts, dense.Dimension) } };
        return ExportTemplates.Apply(descriptor, facts);
    }

    private static int MaxTokens(ExportFacts facts)
    {
        const string Subject = "max_tokens";
        var positions = facts.Positions - (RobertaKin.Contains(facts.ModelType) ? ReservedPositions : 0);
        if ((facts.MaxLengthOfSentences ?? facts.MaxLengthOfTokenizer) is { } said)
        {
            var bound = Math.Min(said, positions ?? said);
            facts.Say(Subject, $"{bound}, from {(facts.MaxLengthOfSentences != null ? "sentence_bert_config.json" : "tokenizer_config.json")}"
                + (bound < said ? ", bounded by the positions of config.json" : ""));
            return Checked(bound);
        }
        facts.Guess(Subject, positions is { } most ? $"{most}: the positions of config.json" : $"{UsualMaxTokens}: no file says");
        return Checked(positions ?? UsualMaxTokens);
    }

    private static int Checked(int tokens) => tokens is >= 1 and <= DescriptorLimits.MaxTokens
        ? tokens
        : throw new ModelFolderException(
            "config.json", "max_position_embeddings", $"The longest input would be {tokens}; 1 to {DescriptorLimits.MaxTokens} are supported.");

    private static EncoderPadding Padding(ExportFacts facts, Tokenizer tokenizer)
    {
        var side = facts.PaddingSide
            ?? (tokenizer.Padding is { Direction: "Left" } ? PaddingSide.Left : PaddingSide.Right);
        var id = (facts.PaddingToken.Length > 0 ? tokenizer.IdOf(facts.PaddingToken) : null) ?? tokenizer.Padding?.Id ?? facts.PaddingId;
        if (id == null)
            facts.Guess("padding", "token 0: no file names a padding token");
        return new EncoderPadding(id ?? 0, side);
    }

    /// <summary>sentence-transformers lowers the case before the tokenizer where told so; here the tokenizer has to.</summary>
    private static void CheckCase(ExportFacts facts, Tokenizer tokenizer)
    {
        if (!facts.LowersCase)
            return;
        const string Probe = "Search ENGINE";
        var (asIs, lowered) = (new TokenSequence(), new TokenSequence());
        tokenizer.Tokenize(Probe, asIs);
        tokenizer.Tokenize(Probe.ToLowerInvariant(), lowered);
        if (!asIs.Ids.SequenceEqual(lowered.Ids))
        {
            throw new ModelFolderException(
                "sentence_bert_config.json", "do_lower_case", "It is true, and tokenizer.json keeps the case; add a Lowercase normalizer there.");
        }
    }

    private static List<int> ShortDimensions(ExportFacts facts, int dimension) =>
        [.. facts.ShortDimensions.Where(d => d < dimension).Distinct().Order().Take(DescriptorLimits.AllowedDimensions)];
}
