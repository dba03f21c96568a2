namespace SearchEngine.Training;

/// <summary>What a model is for, which decides how much a piece's company counts against the piece itself.</summary>
public enum TrainingPurpose
{
    /// <summary>For texts like those it learns from.</summary>
    OwnCorpus,

    /// <summary>For texts of any kind: pieces that were hardly met keep to themselves, and rarity counts more.</summary>
    General,
}
