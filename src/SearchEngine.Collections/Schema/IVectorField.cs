namespace SearchEngine.Collections.Schema;

/// <summary>What vectors of every kind have in common. Their names are distinct among them all.</summary>
public interface IVectorField : IField
{
    /// <summary>Fingerprint of the encoder space the vectors are in; null: unbound. Opaque here, compared by the service.</summary>
    string? Space { get; }

    /// <summary>A document without it is refused.</summary>
    bool IsRequired { get; }
}
