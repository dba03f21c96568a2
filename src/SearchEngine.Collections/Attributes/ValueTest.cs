using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Attributes;

/// <summary>What a condition asks of one value of an attribute. Immutable; made by filter compilation, answered by columns.</summary>
internal abstract class ValueTest
{
    public abstract TestKind Kind { get; }

    /// <summary>Whether no value at all can pass, whatever the documents.</summary>
    public abstract bool IsEmpty { get; }

    /// <param name="element">Of the attribute's type; neither null nor an array.</param>
    public abstract bool Holds(AttributeValue element);

    /// <summary>The test that holds where one of some tests of this kind holds, or null where there is no such test.</summary>
    public abstract ValueTest? UnionOf(IReadOnlyList<ValueTest> tests);

    /// <summary>Writes what the test depends on, so that equal tests give equal bytes.</summary>
    public abstract void WriteTo(BinaryWriter writer);

    /// <summary>The semantics of conditions: null does not pass, an array passes with one element.</summary>
    public bool HoldsForAny(AttributeValue value)
    {
        if (value.IsNull || !value.IsArray)
        {
            return !value.IsNull && Holds(value);
        }
        foreach (AttributeValue item in value.Items)
        {
            if (Holds(item))
            {
                return true;
            }
        }
        return false;
    }
}
