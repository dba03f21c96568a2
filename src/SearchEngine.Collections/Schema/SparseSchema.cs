namespace SearchEngine.Collections.Schema;

/// <summary>One named sparse vector of the documents of a collection: weights of few of very many dimensions, as learned sparse encoders
/// give them. Compared by dot product.</summary>
public sealed record SparseSchema : IVectorField
{
    public required string Name { get; init; }

    public string? Space { get; init; }

    public bool IsRequired { get; init; }
}
