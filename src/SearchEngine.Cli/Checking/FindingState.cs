namespace SearchEngine.Cli.Checking;

internal enum FindingState
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Works, with less than there could be.</summary>
    Less,

    /// <summary>Does not work.</summary>
    Fails,
}
