namespace SearchEngine.Models.Tokenizers.Vocabularies;

/// <summary>Texts and their ids as a trie over UTF-16 units, for longest and all-prefix matches. Read-only once built.</summary>
internal sealed class VocabularyTrie(int expectedUnits)
{
    public const int Root = 0;

    private const int UnitBits = 16;

    private readonly LongTable _children = new(expectedUnits);
    private readonly List<int> _ids = [-1];

    /// <summary>Adds a text that is not empty; a text added again takes the new id.</summary>
    public void Add(ReadOnlySpan<char> text, int id)
    {
        var node = Root;
        foreach (var unit in text)
        {
            var key = (long)node << UnitBits | unit;
            var child = _children.Find(key);
            if (child < 0)
            {
                child = _ids.Count;
                _ids.Add(-1);
                _children.Set(key, child);
            }
            node = child;
        }
        _ids[node] = id;
    }

    /// <summary>The node behind a unit, or -1.</summary>
    public int Child(int node, char unit) => _children.Find((long)node << UnitBits | unit);

    /// <summary>The id of the text that ends at the node, or -1.</summary>
    public int Id(int node) => _ids[node];

    /// <summary>Length and id of the longest text that begins here; (0, -1) if none.</summary>
    public (int Length, int Id) Longest(ReadOnlySpan<char> text)
    {
        var (length, id) = (0, -1);
        var node = Root;
        for (var index = 0; index < text.Length; index++)
        {
            node = Child(node, text[index]);
            if (node < 0)
            {
                break;
            }
            if (_ids[node] >= 0)
            {
                (length, id) = (index + 1, _ids[node]);
            }
        }
        return (length, id);
    }
}
