namespace SearchEngine.Evaluation.Diagnosing;

/// <summary>Where a search loses a document, in the order in which a search comes by.</summary>
public enum LossStage
{
    /// <summary>Nowhere: it is found.</summary>
    None,

    /// <summary>There is no such document.</summary>
    Corpus,

    /// <summary>It has nothing that the search could find it by.</summary>
    Index,

    /// <summary>The part that answers the query was cut off before encoding.</summary>
    Truncation,

    /// <summary>Query or document was encoded for the other side.</summary>
    Side,

    /// <summary>Query or document is not what the encoder makes of its text.</summary>
    Space,

    /// <summary>Even an exact search prefers too many others.</summary>
    Model,

    /// <summary>The walk does not come to it.</summary>
    Graph,

    /// <summary>The filter excludes it.</summary>
    Filter,

    /// <summary>Its compact form keeps it from being scored exactly.</summary>
    Quantization,

    /// <summary>It is found, below the least score.</summary>
    Threshold,

    /// <summary>One of several queries finds it, their fusion puts it too low.</summary>
    Fusion,

    /// <summary>It is found, and reranked too low.</summary>
    Rerank,
}
