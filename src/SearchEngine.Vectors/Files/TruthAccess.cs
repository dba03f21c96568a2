namespace SearchEngine.Vectors.Files;

/// <summary>How the exact rows of a search's candidates are read.</summary>
public enum TruthAccess
{
    /// <summary>Where the file is mapped: fastest once touched. What was touched counts as memory of the process until the system wants it.</summary>
    Mapped,

    /// <summary>By a read call for each row: the page cache serves it, the process holds none of it.</summary>
    Read,
}
