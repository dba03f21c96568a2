namespace SearchEngine.Cli.Searching;

/// <summary>What of a question is searched for. The names are those of the command line.</summary>
internal enum SearchedBy
{
    /// <summary>What it means: its vector.</summary>
    Vectors,

    /// <summary>Its words, ranked by BM25.</summary>
    Words,

    /// <summary>Both, the rankings made one.</summary>
    Hybrid,
}
