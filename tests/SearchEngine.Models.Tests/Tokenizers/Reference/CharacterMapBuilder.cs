using System.Buffers.Binary;
using System.Text;

namespace SearchEngine.Models.Tests.Tokenizers.Reference;

/// <summary>Builds SentencePiece's compiled character map from pairs of texts.</summary>
internal sealed class CharacterMapBuilder
{
    private readonly Node _root = new();
    private readonly List<byte> _replacements = [];
    private readonly Dictionary<uint, uint> _units = new() { [0] = 0 };
    private readonly HashSet<uint> _taken = [0];

    /// <summary>Two nodes with one base would see each other's children.</summary>
    private readonly HashSet<uint> _bases = [];

    /// <summary>A map in base64 with replacements of all shapes: longer, shorter, empty, of several characters, nested keys.</summary>
    public static string Base64(IEnumerable<(string Key, string Replacement)> pairs)
    {
        var builder = new CharacterMapBuilder();
        foreach (var (key, replacement) in pairs)
        {
            builder.Add(key, replacement);
        }
        return Convert.ToBase64String(builder.Build());
    }

    private void Add(string key, string replacement)
    {
        var node = _root;
        foreach (var value in Encoding.UTF8.GetBytes(key))
        {
            if (!node.Children.TryGetValue(value, out var child))
            {
                node.Children.Add(value, child = new Node());
            }
            node = child;
        }
        node.Value = _replacements.Count;
        _replacements.AddRange(Encoding.UTF8.GetBytes(replacement));
        _replacements.Add(0);
    }

    private byte[] Build()
    {
        Place(_root, 0);
        var count = (int)(_taken.Max() | 0xFF) + 1;
        var bytes = new byte[sizeof(uint) * (count + 1)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)(sizeof(uint) * count));
        foreach (var (position, unit) in _units)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan((int)(sizeof(uint) * (position + 1))), unit);
        }
        return [.. bytes, .. _replacements];
    }

    private void Place(Node node, uint position)
    {
        var labels = node.Children.Keys.Select(label => (uint)label).ToList();
        if (node.Value is not null)
        {
            labels.Insert(0, 0);
        }
        if (labels.Count == 0)
        {
            return;
        }
        var offset = 1u;
        while (_bases.Contains(position ^ offset) || labels.Any(label => _taken.Contains(position ^ offset ^ label)))
        {
            offset++;
        }
        var first = position ^ offset;
        _bases.Add(first);
        _units[position] = _units.GetValueOrDefault(position) | offset << 10 | (node.Value is null ? 0 : 1u << 8);
        foreach (var label in labels)
        {
            _taken.Add(first ^ label);
            _units[first ^ label] = label == 0 ? (uint)node.Value! | 1u << 31 : label;
        }
        foreach (var (label, child) in node.Children)
        {
            Place(child, first ^ label);
        }
    }

    private sealed class Node
    {
        public SortedDictionary<byte, Node> Children { get; } = [];

        public int? Value { get; set; }
    }
}
