namespace SearchEngine.Collections.Tests.Core;

/// <summary>What changes files of a store in more than one step, writes apart.</summary>
public enum StoreOperation
{
    Create,
    Flush,
    Optimise,
    AddAttribute,
    SwitchAliases,
    Snapshot,
    Restore,
    Drop,
}
