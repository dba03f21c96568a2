namespace SearchEngine.Vectors.Files;

/// <summary>A vector file cannot be used. The message says what was found, what was allowed and what to do.</summary>
public sealed class VectorFileException : IOException
{
    public VectorFileException(FileDamage damage, string path, string found, string expected, string remedy)
        : base($"{path}: {found}; expected {expected}. {remedy}")
    {
        Damage = damage;
        Path = path;
        Found = found;
        Expected = expected;
        Remedy = remedy;
    }

    public FileDamage Damage { get; }

    public string Path { get; }

    public string Found { get; }

    public string Expected { get; }

    public string Remedy { get; }
}
