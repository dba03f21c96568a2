using SearchEngine.Collections.Attributes;

namespace SearchEngine.Collections.Filters;

/// <summary>Builds nodes in normal form, so that what is trivially equal is the same node, evaluated once and hashed alike.</summary>
internal static class FilterForm
{
    public static FilterNode Attribute(int position, ValueTest test) =>
        test.IsEmpty ? ConstantNode.None : new AttributeNode(position, test);

    public static FilterNode Not(FilterNode member) => member switch
    {
        NotNode not => not.Member,
        _ when member == ConstantNode.All => ConstantNode.None,
        _ when member == ConstantNode.None => ConstantNode.All,
        _ => new NotNode(member),
    };

    /// <summary>Of no members: all rows.</summary>
    public static FilterNode And(IEnumerable<FilterNode> members)
    {
        var kept = new List<FilterNode>();
        foreach (FilterNode member in members)
        {
            if (member == ConstantNode.None)
            {
                return ConstantNode.None;
            }
            if (member is AndNode nested)
            {
                kept.AddRange(nested.Members);
            }
            else if (member != ConstantNode.All)
            {
                kept.Add(member);
            }
        }
        List<FilterNode> distinct = Distinct(kept);
        return distinct.Count switch { 0 => ConstantNode.All, 1 => distinct[0], _ => new AndNode([.. distinct]) };
    }

    /// <summary>Of no members: no rows.</summary>
    public static FilterNode Or(IEnumerable<FilterNode> members)
    {
        var kept = new List<FilterNode>();
        foreach (FilterNode member in members)
        {
            if (member == ConstantNode.All)
            {
                return ConstantNode.All;
            }
            if (member is OrNode nested)
            {
                kept.AddRange(nested.Members);
            }
            else if (member != ConstantNode.None)
            {
                kept.Add(member);
            }
        }
        List<FilterNode> distinct = Distinct(Unite(kept));
        return distinct.Count switch { 0 => ConstantNode.None, 1 => distinct[0], _ => new OrNode([.. distinct]) };
    }

    /// <summary>At least so many of the members; equal members count each.</summary>
    public static FilterNode AtLeast(int least, IReadOnlyList<FilterNode> members)
    {
        least -= members.Count(static m => m == ConstantNode.All);
        FilterNode[] open = [.. members.Where(static m => m is not ConstantNode)];
        return least <= 0 ? ConstantNode.All
            : least > open.Length ? ConstantNode.None
            : least == 1 ? Or(open)
            : least == open.Length ? And(open)
            : new AtLeastNode(least, open);
    }

    /// <summary>One test per attribute and form where an alternative of tests is a test: an array passes either way with one
    /// element.</summary>
    private static List<FilterNode> Unite(List<FilterNode> members)
    {
        var united = new List<FilterNode>();
        foreach (IGrouping<int, FilterNode> group in members.GroupBy(static m => m is AttributeNode { Test: not null } a ? a.Position : -1))
        {
            if (group.Key < 0)
            {
                united.AddRange(group);
                continue;
            }
            IEnumerable<ValueTest> joined = group.Select(static m => ((AttributeNode)m).Test!);
            foreach (IGrouping<Type, ValueTest> tests in joined.GroupBy(static t => t.GetType()))
            {
                ValueTest[] all = [.. tests];
                ValueTest? one = all[0].UnionOf(all);
                united.AddRange(one is null
                    ? all.Select(t => new AttributeNode(group.Key, t))
                    : [new AttributeNode(group.Key, one)]);
            }
        }
        return united;
    }

    private static List<FilterNode> Distinct(List<FilterNode> members)
    {
        if (members.Count < 2)
        {
            return members;
        }
        var seen = new HashSet<byte[]>(BytesComparer.Instance);
        return members.FindAll(m => seen.Add(m.Canonical()));
    }
}
