namespace SearchEngine.Models.Folder;

/// <summary>Bounds of a descriptor, those of the contract.</summary>
internal static class DescriptorLimits
{
    public const int NameBytes = 128, TaskBytes = 64, TemplateBytes = 4096, OutputNameBytes = 256, LabelBytes = 256;

    public const int MaxTokens = 131_072;

    public const int Dimension = 8192;

    public const int AllowedDimensions = 16, Tasks = 64, Labels = 65_536;

    /// <summary>Ids that padding may have.</summary>
    public const int PaddingId = 4_000_000;

    public const int HashDigits = 64;

    /// <summary>Bytes of a JSON file of a folder, tokenizers apart; label lists are the longest parts of real ones.</summary>
    public const int JsonBytes = 8 << 20;

    public const int JsonDepth = 32;
}
