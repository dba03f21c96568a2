namespace SearchEngine.Collections;

/// <summary>Where the links and codes of immutable segments are while a collection serves; exact vectors are always read on
/// demand.</summary>
public enum CodeResidency
{
    /// <summary>In the page cache, once touched: a collection opens at once.</summary>
    OnDemand,

    /// <summary>Read into the page cache before a segment serves.</summary>
    Populated,

    /// <summary>Copied to 2 MiB pages of the process before a segment serves: fastest, and nothing can push them out.</summary>
    HugePages,
}
