using SearchEngine.Collections.Attributes;

namespace SearchEngine.Collections.Filters;

/// <summary>What a filter means, in bytes: equal for filters of one structure after normalisation, whatever the order of their members.
/// Compared byte by byte, so that no two others are ever taken for each other.</summary>
internal readonly struct FilterKey : IEquatable<FilterKey>
{
    private readonly byte[] _form;
    private readonly int _hash;

    public FilterKey(byte[] form)
    {
        _form = form;
        _hash = BytesComparer.Instance.GetHashCode(form);
    }

    public int Bytes => _form.Length;

    public bool Equals(FilterKey other) => _hash == other._hash && BytesComparer.Instance.Equals(_form, other._form);

    public override bool Equals(object? obj) => obj is FilterKey other && Equals(other);

    public override int GetHashCode() => _hash;
}
