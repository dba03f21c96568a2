namespace SearchEngine.Models.Folder;

/// <summary>Which side of a search a text is on. The numbers are those of the contract: they enter the space id.</summary>
public enum EncoderSide
{
    /// <summary>What is searched for.</summary>
    Query = 1,

    /// <summary>What is found.</summary>
    Document = 2,

    /// <summary>The encoder makes no difference between the two.</summary>
    Symmetric = 3,
}
