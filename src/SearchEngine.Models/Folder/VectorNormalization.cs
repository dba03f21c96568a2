namespace SearchEngine.Models.Folder;

/// <summary>What happens to a pooled vector. The numbers are those of the contract: they enter the space id.</summary>
public enum VectorNormalization
{
    /// <summary>Divided by its length.</summary>
    Unit = 1,

    /// <summary>Left as it is.</summary>
    None = 2,
}
