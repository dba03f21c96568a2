using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Filters;

/// <summary>What an attribute's index answers without a scan: what strict collections allow and warnings go by.</summary>
internal static class IndexPromise
{
    /// <param name="kind">Null: that the attribute has a value.</param>
    public static bool Answers(AttributeSchema attribute, TestKind? kind) => attribute.Index switch
    {
        AttributeIndex.None => false,
        AttributeIndex.Postings => kind != TestKind.Order,
        // A sorted column answers equality as a range of one value.
        _ => true,
    };
}
