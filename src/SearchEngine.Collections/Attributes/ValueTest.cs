using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Attributes;

/// <summary>What a condition asks of one value of an attribute. Immutable; made by filter compilation, answered by columns.</summary>
internal abstract class ValueTest
{
    public abstract TestKind Kind { get; }

    /// <summary>Whether no value at all can pass, whatever the documents.</summary>
    public abstract bool IsEmpty { get; }

    /// <param name="type">The attribute's.</param>
    public abstract bool Holds(AttributeType type, scoped in BodyItem item);

    /// <summary>The test that holds where one of some tests of this kind holds, or null where there is no such test.</summary>
    public abstract ValueTest? UnionOf(IReadOnlyList<ValueTest> tests);

    /// <summary>Writes what the test depends on, so that equal tests give equal bytes.</summary>
    public abstract void WriteTo(BinaryWriter writer);

    /// <summary>An array passes with one element.</summary>
    public bool HoldsForAny(scoped in BodyAttribute attribute)
    {
        foreach (BodyItem item in attribute.Items)
        {
            if (Holds(attribute.Type, item))
            {
                return true;
            }
        }
        return false;
    }
}
