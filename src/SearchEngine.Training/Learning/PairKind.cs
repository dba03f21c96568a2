namespace SearchEngine.Training.Learning;

/// <summary>Where a pair comes from.</summary>
internal enum PairKind
{
    /// <summary>Given by the caller.</summary>
    Label,

    /// <summary>A title and its text.</summary>
    Title,

    /// <summary>A sentence and the rest of its passage.</summary>
    Sentence,

    /// <summary>A few words and the passage that has them.</summary>
    Keywords,
}
