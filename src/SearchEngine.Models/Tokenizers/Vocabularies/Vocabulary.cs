using System.Diagnostics.CodeAnalysis;

namespace SearchEngine.Models.Tokenizers.Vocabularies;

/// <summary>Tokens and their ids, both ways. Ids may have gaps; where two tokens share one, the first gives its name.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly string?[] _tokens;

    public Vocabulary(Dictionary<string, int> ids)
    {
        _ids = ids;
        _lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _tokens = new string?[ids.Count == 0 ? 0 : ids.Values.Max() + 1];
        foreach (var (token, id) in ids)
        {
            _tokens[id] ??= token;
        }
    }

    /// <summary>Number of tokens.</summary>
    public int Count => _ids.Count;

    /// <summary>One more than the greatest id.</summary>
    public int IdBound => _tokens.Length;

    public IEnumerable<KeyValuePair<string, int>> Tokens => _ids;

    /// <summary>The id of a token, or -1.</summary>
    public int Find(ReadOnlySpan<char> token) => _lookup.TryGetValue(token, out var id) ? id : -1;

    public bool TryGetToken(int id, [NotNullWhen(true)] out string? token)
    {
        token = (uint)id < (uint)_tokens.Length ? _tokens[id] : null;
        return token is not null;
    }

    public void Describe(FingerprintWriter fingerprint)
    {
        fingerprint.Add(_ids.Count);
        foreach (var (token, id) in _ids.OrderBy(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal))
        {
            fingerprint.Add(id).Add(token);
        }
    }
}
