namespace SearchEngine.Models.Folder.Exports;

/// <summary>What the files of an export say, before the model itself is looked at. Null is: not said.</summary>
internal sealed class ExportFacts
{
    public List<FolderNote> Notes { get; } = [];

    public required string Name { get; init; }

    public string ModelType { get; set; } = "";

    /// <summary>The first entry of "architectures", such as BertForSequenceClassification.</summary>
    public string Architecture { get; set; } = "";

    public int? HiddenSize { get; set; }

    public int? VocabularySize { get; set; }

    public int? Positions { get; set; }

    public int? PaddingId { get; set; }

    public string PaddingToken { get; set; } = "";

    public PaddingSide? PaddingSide { get; set; }

    public int? MaxLengthOfSentences { get; set; }

    public int? MaxLengthOfTokenizer { get; set; }

    public bool LowersCase { get; set; }

    public List<string> Labels { get; } = [];

    public List<int> ShortDimensions { get; } = [];

    public PoolingMode? Pooling { get; set; }

    public int? PooledDimension { get; set; }

    /// <summary>Whether the modules are listed; then what is not among them does not happen.</summary>
    public bool HasModules { get; set; }

    public bool Normalizes { get; set; }

    /// <summary>A layer behind pooling, which only a model that pools itself contains; empty where there is none.</summary>
    public string LayerBehindPooling { get; set; } = "";

    public Dictionary<string, string> Prompts { get; } = new(StringComparer.Ordinal);

    public string DefaultPrompt { get; set; } = "";

    public void Say(string subject, string text) => Notes.Add(new FolderNote(subject, IsGuess: false, text));

    public void Guess(string subject, string text) => Notes.Add(new FolderNote(subject, IsGuess: true, text));
}
