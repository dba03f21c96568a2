using SearchEngine.Collections.Attributes;

namespace SearchEngine.Collections.Filters;

/// <summary>
/// One node of a compiled filter. Immutable. Trees are normalised: no constants below the root, no double negation, no
/// conjunction directly within a conjunction or disjunction within a disjunction.
/// </summary>
internal abstract class FilterNode
{
    private byte[]? _canonical;

    /// <summary>
    /// The rows that match. With <paramref name="among"/> only the answer for its rows counts; the bits of others are
    /// arbitrary, so that nobody computes what the caller will cut away.
    /// </summary>
    public abstract RowSet Evaluate(in FilterSource source, RowSet? among);

    public abstract MatchEstimate Estimate(in FilterSource source);

    /// <summary>Nanoseconds to evaluate, roughly: what orders the members of a conjunction.</summary>
    public abstract double Cost(in FilterSource source);

    /// <summary>Bytes that are equal for nodes of equal structure, whatever the order of members.</summary>
    public byte[] Canonical()
    {
        if (_canonical is null)
        {
            using var stream = new MemoryStream();
            using var writer = new BinaryWriter(stream);
            WriteTo(writer);
            writer.Flush();
            _canonical = stream.ToArray();
        }
        return _canonical;
    }

    protected abstract void WriteTo(BinaryWriter writer);

    protected static void WriteMembers(BinaryWriter writer, char kind, IEnumerable<FilterNode> members)
    {
        byte[][] parts = [.. members.Select(static m => m.Canonical())];
        Array.Sort(parts, static (a, b) => a.AsSpan().SequenceCompareTo(b));
        writer.Write((byte)kind);
        writer.Write(parts.Length);
        foreach (byte[] part in parts)
        {
            writer.Write(part.Length);
            writer.Write(part);
        }
    }
}
