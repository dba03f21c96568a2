using System.Text.RegularExpressions;

namespace SearchEngine.Protocol.Tests;

/// <summary>One row of the table of reasons in protos/README.md.</summary>
internal sealed record ReasonRow(string Reason, string Code, IReadOnlyList<string> Groups);

/// <summary>The table of reasons in protos/README.md, and the grammar of an RPC's "Errors:" line.</summary>
internal static partial class ReasonTable
{
    public static readonly IReadOnlyList<ReasonRow> Rows = Row().Matches(Contract.Readme)
        .Select(match => new ReasonRow(match.Groups[1].Value, match.Groups[2].Value,
            match.Groups[3].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        .ToArray();

    public static readonly IReadOnlySet<string> Groups = Rows.SelectMany(row => row.Groups).ToHashSet();

    /// <summary>The items of an RPC comment's "Errors:" line: groups, and codes with their reasons.</summary>
    public static IEnumerable<(string? Group, string? Code, string? Reason)> Errors(string comment)
    {
        string list = comment[(comment.IndexOf("Errors:", StringComparison.Ordinal) + "Errors:".Length)..].TrimEnd('.');
        foreach (string item in list.Split(';', StringSplitOptions.TrimEntries))
        {
            string text = PerItem().Replace(item, "");
            Match coded = Coded().Match(text);
            if (!coded.Success)
            {
                yield return (text, null, null);
                continue;
            }
            foreach (string reason in coded.Groups[2].Value.Split(',', StringSplitOptions.TrimEntries))
                yield return (null, coded.Groups[1].Value, reason);
        }
    }

    [GeneratedRegex(@"^\| `([A-Z_]+)` \| ([A-Z_]+) \| ?([A-Z, ]*?) ?\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^([A-Z_]+) \(([A-Z_, ]+)\)$")]
    private static partial Regex Coded();

    [GeneratedRegex("^and per (query|item) ")]
    private static partial Regex PerItem();
}
