using SearchEngine.Models.Tokenizers.Reading;

namespace SearchEngine.Models.Folder.Exports;

/// <summary>modules.json and the pooling's config.json: what sentence-transformers does behind the transformer.</summary>
internal static class ModuleFiles
{
    private const string Modules = "modules.json", PoolingConfig = "config.json", UsualPooling = "1_Pooling";

    private const int MostModules = 16;

    private static readonly (string Property, PoolingMode? Mode)[] Modes =
    [
        ("pooling_mode_cls_token", PoolingMode.Cls),
        ("pooling_mode_mean_tokens", PoolingMode.Mean),
        ("pooling_mode_lasttoken", PoolingMode.Last),
        ("pooling_mode_max_tokens", null),
        ("pooling_mode_mean_sqrt_len_tokens", null),
        ("pooling_mode_weightedmean_tokens", null),
    ];

    public static void Read(FolderFiles files, ExportFacts facts)
    {
        var pooling = UsualPooling;
        facts.HasModules = FolderJson.TryRead(files, Modules, root =>
        {
            foreach (var module in root.Items(MostModules))
                pooling = ReadModule(module, facts) ?? pooling;
        });
        FolderJson.TryRead(files, $"{pooling}/{PoolingConfig}", root => ReadPooling(root, facts));
    }

    /// <summary>The path of the module if it is the pooling.</summary>
    private static string? ReadModule(JsonCursor module, ExportFacts facts)
    {
        var type = module.Get("type").Bounded(DescriptorLimits.NameBytes);
        var path = module.Find("path")?.Bounded(DescriptorLimits.NameBytes) ?? "";
        switch (type[(type.LastIndexOf('.') + 1)..])
        {
            case "Transformer":
                return null;
            case "Pooling":
                return path;
            case "Normalize":
                facts.Normalizes = true;
                return null;
            case "Dense":
            case "LayerNorm":
                facts.LayerBehindPooling = path;
                return null;
            default:
                throw module.Get("type").Unsupported("module", type, "Transformer, Pooling, Normalize, Dense, LayerNorm");
        }
    }

    private static void ReadPooling(JsonCursor root, ExportFacts facts)
    {
        facts.PooledDimension = root.Find("word_embedding_dimension")?.Within(1, DescriptorLimits.Dimension);
        if (!root.Flag("include_prompt", otherwise: true))
            throw root.Get("include_prompt").Error("is false: pooling that leaves the prompt out is not supported");
        var chosen = new List<(string Property, PoolingMode? Mode)>();
        foreach (var mode in Modes)
        {
            if (root.Flag(mode.Property, otherwise: false))
                chosen.Add(mode);
        }
        if (chosen.Count != 1 || chosen[0].Mode is not { } pooling)
        {
            var names = string.Join(", ", chosen.Select(mode => mode.Property));
            throw root.Error(
                $"asks for the pooling [{names}]; supported is one of pooling_mode_cls_token, pooling_mode_mean_tokens, "
                + "pooling_mode_lasttoken");
        }
        facts.Pooling = pooling;
        facts.Say("pooling", $"{pooling}, from the pooling module's {PoolingConfig}");
    }
}
