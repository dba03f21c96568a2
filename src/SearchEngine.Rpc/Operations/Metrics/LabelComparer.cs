namespace SearchEngine.Rpc.Operations.Metrics;

/// <summary>Equal are the same tags in the same order: one instrument names them in one order.</summary>
internal sealed class LabelComparer : IEqualityComparer<LabelSet>, IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, LabelSet>
{
    public static LabelComparer Instance { get; } = new();

    public bool Equals(LabelSet? x, LabelSet? y) => x is null ? y is null : y is not null && Equals(x.Tags.AsSpan(), y);

    public int GetHashCode(LabelSet obj) => GetHashCode(obj.Tags.AsSpan());

    public LabelSet Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => new(alternate.ToArray());

    public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, LabelSet other)
    {
        if (alternate.Length != other.Tags.Length) return false;
        for (int i = 0; i < alternate.Length; i++)
        {
            KeyValuePair<string, object?> known = other.Tags[i];
            if (!string.Equals(alternate[i].Key, known.Key, StringComparison.Ordinal) || !Equals(alternate[i].Value, known.Value)) return false;
        }
        return true;
    }

    public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
    {
        var hash = default(HashCode);
        foreach (KeyValuePair<string, object?> tag in alternate)
        {
            hash.Add(tag.Key.Length);
            hash.Add(tag.Value);
        }
        return hash.ToHashCode();
    }
}
