namespace SearchEngine.Collections.Schema;

/// <summary>One attribute of the documents of a collection.</summary>
public sealed record AttributeSchema : IField
{
    public required string Name { get; init; }

    public required AttributeType Type { get; init; }

    /// <summary>Several values per document; a condition holds if it holds for one of them.</summary>
    public bool IsArray { get; init; }

    /// <summary>A document without it is refused. Attributes added later are never required.</summary>
    public bool IsRequired { get; init; }

    public AttributeIndex Index { get; init; } = AttributeIndex.Auto;
}
