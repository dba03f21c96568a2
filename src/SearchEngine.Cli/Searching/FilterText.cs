using System.Text.Json;
using System.Text.RegularExpressions;
using SearchEngine.Cli.Remote;
using SearchEngine.Cli.Transfer;

namespace SearchEngine.Cli.Searching;

/// <summary>
/// Conditions as people type them: <c>audience=admin</c>, <c>version&gt;=5</c>, <c>region!=us</c>. All of them hold. Types come from the
/// collection's schema, so nobody has to quote.
/// </summary>
internal static partial class FilterText
{
    /// <exception cref="UsageException">A condition cannot be read, or the collection has no such attribute.</exception>
    public static Wire.Filter? Parse(IReadOnlyList<string> conditions, Wire.CollectionConfig config)
    {
        if (conditions.Count == 0) return null;
        var filter = new Wire.Filter();
        foreach (string condition in conditions)
        {
            Match parts = Condition().Match(condition);
            if (!parts.Success)
            {
                throw new UsageException($"--filter: '{condition}' is no condition; attribute=value is one, and !=, >=, <=, > and < are possible.");
            }
            string name = parts.Groups["name"].Value.Trim(), sign = parts.Groups["sign"].Value;
            Wire.AttributeSchema attribute = config.Attributes.FirstOrDefault(declared => declared.Name == name)
                ?? throw new UsageException($"--filter: the collection has no attribute \"{name}\"; it has {string.Join(", ", config.Attributes.Select(declared => declared.Name))}.");
            Wire.Condition made = Make(name, sign, Value(parts.Groups["value"].Value.Trim(), attribute.Type, condition));
            (sign == "!=" ? filter.MustNot : filter.Must).Add(made);
        }
        return filter;
    }

    private static Wire.Condition Make(string name, string sign, Wire.Value value) => sign is "=" or "!="
        ? new Wire.Condition { EqualTo = new Wire.EqualToCondition { Attribute = name, Value = value } }
        : new Wire.Condition
        {
            Range = sign switch
            {
                ">" => new Wire.RangeCondition { Attribute = name, Above = value },
                ">=" => new Wire.RangeCondition { Attribute = name, AtLeast = value },
                "<" => new Wire.RangeCondition { Attribute = name, Below = value },
                _ => new Wire.RangeCondition { Attribute = name, AtMost = value },
            },
        };

    private static Wire.Value Value(string text, Wire.AttributeType type, string condition)
    {
        try
        {
            return AttributeValues.Read(text, type);
        }
        catch (Exception wrong) when (wrong is FormatException or JsonException or InvalidOperationException)
        {
            throw new UsageException($"--filter: '{condition}': the attribute is of type {type.ToString().ToLowerInvariant()}, and '{text}' is none.");
        }
    }

    [GeneratedRegex("^(?<name>[^=<>!]+)(?<sign>!=|>=|<=|=|>|<)(?<value>.*)$", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Condition();
}
