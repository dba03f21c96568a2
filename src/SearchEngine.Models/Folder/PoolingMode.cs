namespace SearchEngine.Models.Folder;

/// <summary>How token vectors become one vector. The numbers are those of the contract: they enter the space id.</summary>
public enum PoolingMode
{
    /// <summary>The mean over the tokens, padding excluded.</summary>
    Mean = 1,

    /// <summary>The first token that is not padding.</summary>
    Cls = 2,

    /// <summary>The last token that is not padding.</summary>
    Last = 3,

    /// <summary>The model gives one vector itself.</summary>
    Model = 4,
}
