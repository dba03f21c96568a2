using System.Text.Json;
using SearchEngine.Models.Tokenizers.Reading;

namespace SearchEngine.Models.Folder.Exports;

/// <summary>
/// Reads the JSON files of a Hugging Face or sentence-transformers export. They have many properties that do not concern us,
/// so unknown ones pass; those we know must have their type.
/// </summary>
internal static class ExportFiles
{
    private const string Config = "config.json", TokenizerConfig = "tokenizer_config.json";
    private const string Sentences = "sentence_bert_config.json", SentenceTransformers = "config_sentence_transformers.json";

    /// <summary>Lengths at and above this mean "no limit" in tokenizer_config.json, where 1e30 is customary.</summary>
    private const double NoLimit = 1e7;

    public static ExportFacts Read(FolderFiles files)
    {
        var facts = new ExportFacts { Name = NameOf(files) };
        var known = FolderJson.TryRead(files, Config, root => ReadConfig(root, facts));
        known |= FolderJson.TryRead(files, TokenizerConfig, root => ReadTokenizerConfig(root, facts));
        known |= FolderJson.TryRead(files, Sentences, root => ReadSentences(root, facts));
        known |= FolderJson.TryRead(files, SentenceTransformers, root => ReadPrompts(root, facts));
        ModuleFiles.Read(files, facts);
        return known || facts.HasModules
            ? facts
            : throw new ModelFolderException(
                ".", "", $"{files.Root} has neither {EncoderFile.FileName} nor {Config}: nothing says what its model is.");
    }

    private static void ReadConfig(JsonCursor root, ExportFacts facts)
    {
        facts.ModelType = root.Find("model_type")?.Bounded(DescriptorLimits.NameBytes) ?? "";
        facts.Architecture = root.Find("architectures")?.Items(DescriptorLimits.Tasks).FirstOrDefault()?
            .Bounded(DescriptorLimits.NameBytes) ?? "";
        facts.HiddenSize = First(root, DescriptorLimits.Dimension, "hidden_size", "dim", "d_model", "n_embd");
        facts.VocabularySize = First(root, DescriptorLimits.PaddingId, "vocab_size");
        facts.Positions = First(root, int.MaxValue, "max_position_embeddings", "n_positions", "max_trained_positions");
        facts.PaddingId = root.Find("pad_token_id")?.Within(0, DescriptorLimits.PaddingId);
        if (root.Find("id2label") is { } labels)
            ReadLabels(labels, facts);
        if (root.Find("matryoshka_dimensions") is { } dimensions)
        {
            foreach (var item in dimensions.Items(DescriptorLimits.Tasks))
                facts.ShortDimensions.Add(item.Within(1, DescriptorLimits.Dimension));
        }
    }

    private static void ReadLabels(JsonCursor labels, ExportFacts facts)
    {
        labels.Find("0");
        var count = labels.Value.EnumerateObject().Count();
        labels.RequireAtMost(count, DescriptorLimits.Labels);
        for (var index = 0; index < count; index++)
        {
            var key = index.ToString(System.Globalization.CultureInfo.InvariantCulture);
            facts.Labels.Add(labels.Get(key).Bounded(DescriptorLimits.LabelBytes));
        }
    }

    private static void ReadTokenizerConfig(JsonCursor root, ExportFacts facts)
    {
        if (root.Find("model_max_length") is { } length && length.Real() < NoLimit)
            facts.MaxLengthOfTokenizer = length.Within(1, (int)NoLimit);
        facts.PaddingSide = root.Find("padding_side")?.Choice(DescriptorNames.PaddingSides);
        if (root.Find("pad_token") is { } token)
        {
            // An added token may be spelled as an object around its content.
            var content = token.Value.ValueKind == JsonValueKind.Object ? token.Get("content") : token;
            facts.PaddingToken = content.Bounded(DescriptorLimits.NameBytes);
        }
    }

    private static void ReadSentences(JsonCursor root, ExportFacts facts)
    {
        facts.MaxLengthOfSentences = root.Find("max_seq_length")?.Within(1, DescriptorLimits.MaxTokens);
        facts.LowersCase = root.Flag("do_lower_case", otherwise: false);
    }

    private static void ReadPrompts(JsonCursor root, ExportFacts facts)
    {
        facts.DefaultPrompt = root.Find("default_prompt_name")?.Bounded(DescriptorLimits.TaskBytes) ?? "";
        if (root.Find("prompts") is not { } prompts)
            return;
        prompts.Find("query");
        foreach (var property in prompts.Value.EnumerateObject())
        {
            prompts.RequireAtMost(facts.Prompts.Count, DescriptorLimits.Tasks);
            var prompt = prompts.Find(property.Name)?.Bounded(DescriptorLimits.TemplateBytes - EncoderDescriptor.TextMark.Length) ?? "";
            if (prompt.Contains(EncoderDescriptor.TextMark, StringComparison.Ordinal))
                throw prompts.Get(property.Name).Error($"contains {EncoderDescriptor.TextMark}, which stands for the text here");
            facts.Prompts[property.Name] = prompt;
        }
        if (facts.DefaultPrompt.Length > 0 && !facts.Prompts.ContainsKey(facts.DefaultPrompt))
            throw root.Get("default_prompt_name").Error($"names the prompt \"{facts.DefaultPrompt}\", which is not among prompts");
    }

    private static int? First(JsonCursor root, int most, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (root.Find(name) is { } found)
                return found.Within(1, most);
        }
        return null;
    }

    /// <summary>
    /// The model's name: what config.json was saved under, else the folder, in a download cache the repository's. Only guesses
    /// read it.
    /// </summary>
    private static string NameOf(FolderFiles files)
    {
        const string Snapshots = "snapshots";
        var name = "";
        FolderJson.TryRead(files, Config, root => name = root.Find("_name_or_path")?.Bounded(DescriptorLimits.TemplateBytes) ?? "");
        var last = Path.GetFileName(name.TrimEnd('/', '\\'));
        if (last.Length > 0)
            return Bound(last);
        var parent = Path.GetDirectoryName(files.Root) ?? "";
        var repository = Path.GetFileName(parent) == Snapshots ? Path.GetFileName(Path.GetDirectoryName(parent)) : null;
        return Bound(repository?.Split("--")[^1] ?? Path.GetFileName(files.Root));
    }

    private static string Bound(string name) => name.Length <= 64 ? name : name[..64];
}
