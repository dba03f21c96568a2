using System.Text;
using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Attributes;

/// <summary>The keyword is one of a set.</summary>
internal sealed class KeywordTest : ValueTest
{
    private readonly byte[][] _values;
    private readonly HashSet<string> _texts;

    /// <param name="texts">Valid UTF-16; duplicates count once.</param>
    public KeywordTest(IEnumerable<string> texts)
    {
        _texts = new HashSet<string>(texts, StringComparer.Ordinal);
        _values = [.. _texts.Select(Encoding.UTF8.GetBytes)];
        Array.Sort(_values, static (a, b) => a.AsSpan().SequenceCompareTo(b));
    }

    /// <summary>The values in UTF-8, distinct, ascending by bytes.</summary>
    public ReadOnlySpan<byte[]> Values => _values;

    public override TestKind Kind => TestKind.Equality;

    public override bool IsEmpty => _values.Length == 0;

    public override bool Holds(AttributeValue element) => _texts.Contains(element.Keyword);

    public override ValueTest UnionOf(IReadOnlyList<ValueTest> tests) =>
        tests.Count == 1 ? tests[0] : new KeywordTest(tests.SelectMany(static t => ((KeywordTest)t)._texts));

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
