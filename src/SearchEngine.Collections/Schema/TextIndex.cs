namespace SearchEngine.Collections.Schema;

/// <summary>What can be asked of a text field. The names are stored with the schema.</summary>
public enum TextIndex
{
    /// <summary>Nothing: it is stored and returned.</summary>
    None,

    /// <summary>Its words, ranked by BM25.</summary>
    Bm25,
}
