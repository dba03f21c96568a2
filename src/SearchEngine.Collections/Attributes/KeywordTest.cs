using System.Text;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Attributes;

/// <summary>The keyword is one of a set.</summary>
internal sealed class KeywordTest : ValueTest
{
    private readonly byte[][] _values;
    private readonly HashSet<byte[]> _set;

    /// <param name="texts">Valid UTF-16; duplicates count once.</param>
    public KeywordTest(IEnumerable<string> texts)
        : this(texts.Select(Encoding.UTF8.GetBytes))
    {
    }

    private KeywordTest(IEnumerable<byte[]> values)
    {
        _set = new HashSet<byte[]>(values, BytesComparer.Instance);
        _values = [.. _set];
        Array.Sort(_values, static (a, b) => a.AsSpan().SequenceCompareTo(b));
    }

    /// <summary>The values in UTF-8, distinct, ascending by bytes.</summary>
    public ReadOnlySpan<byte[]> Values => _values;

    public override TestKind Kind => TestKind.Equality;

    public override bool IsEmpty => _values.Length == 0;

    public override bool Holds(AttributeType type, scoped in BodyItem item) =>
        _set.GetAlternateLookup<ReadOnlySpan<byte>>().Contains(item.Utf8);

    public override ValueTest UnionOf(IReadOnlyList<ValueTest> tests) =>
        tests.Count == 1 ? tests[0] : new KeywordTest(tests.SelectMany(static t => ((KeywordTest)t)._values));

    public override void WriteTo(BinaryWriter writer)
    {
        writer.Write(_values.Length);
        foreach (byte[] value in _values)
        {
            writer.Write(value.Length);
            writer.Write(value);
        }
    }
}
