namespace SearchEngine.Collections.Schema;

/// <summary>What all fields of a schema have in common: attributes, texts, vectors of every kind.</summary>
public interface IField
{
    string Name { get; }
}
