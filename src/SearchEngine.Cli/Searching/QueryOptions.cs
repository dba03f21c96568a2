using System.CommandLine;
using System.Text.Json;
using SearchEngine.Cli.Remote;

namespace SearchEngine.Cli.Searching;

/// <summary>What <c>search</c> and <c>retrieve</c> have in common: the collection, the query, the filter, how many.</summary>
internal sealed class QueryOptions
{
    private readonly Argument<string?> _text = new("text") { Arity = ArgumentArity.ZeroOrOne, Description = "What to look for, in words." };
    private readonly Option<string> _collection = new("--collection", "-c") { Required = true, Description = "Collection or alias." };
    private readonly Option<uint> _count = new("--k", "-k") { DefaultValueFactory = _ => 10, Description = "Hits." };

    private readonly Option<string[]> _filters = new("--filter", "-f")
    {
        DefaultValueFactory = _ => [],
        Description = "attribute=value; also !=, >=, <=, >, <. Several all hold.",
    };

    private readonly Option<SearchedBy> _by = new("--by")
    {
        DefaultValueFactory = _ => SearchedBy.Vectors,
        Description = "vectors: what the words mean; words: the words themselves (BM25, no encoder needed); hybrid: both, the rankings made one.",
    };

    private readonly Option<string?> _filterJson = new("--filter-json") { Description = "A Filter of the contract in its JSON form, for what --filter cannot say." };
    private readonly Option<string[]> _show = new("--show") { DefaultValueFactory = _ => [], AllowMultipleArgumentsPerToken = true, Description = "Attributes to show with each hit; * for all." };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_text);
        foreach (Option option in (Option[])[_collection, _by, _count, _filters, _filterJson, _show])
        {
            command.Options.Add(option);
        }
    }

    public string? Text(ParseResult parsed) => parsed.GetValue(_text);

    public SearchedBy By(ParseResult parsed) => parsed.GetValue(_by);

    public uint Count(ParseResult parsed) => parsed.GetValue(_count);

    public Wire.RequestHeader Header(ParseResult parsed) => Session.Header(parsed.GetRequiredValue(_collection));

    public async Task<Wire.CollectionConfig> SchemaAsync(Session session, ParseResult parsed, CancellationToken cancel) =>
        (await session.CallAsync(Api.Describe, new Wire.DescribeCollectionRequest { Header = Header(parsed) }, cancel).ConfigureAwait(false)).Collection.Config;

    public Wire.Filter? Filter(ParseResult parsed, Wire.CollectionConfig config)
    {
        Wire.Filter? filter = FilterText.Parse(parsed.GetRequiredValue(_filters), config);
        if (parsed.GetValue(_filterJson) is not { } json) return filter;
        try
        {
            Wire.Filter given = Wire.Filter.Parser.ParseJson(json);
            if (filter is null) return given;
            filter.Must.Add(new Wire.Condition { Filter = given });
            return filter;
        }
        catch (Exception wrong) when (wrong is Google.Protobuf.InvalidProtocolBufferException or JsonException or FormatException)
        {
            throw new UsageException($"--filter-json: {wrong.Message}");
        }
    }

    /// <summary>Texts for people to see what was found; attributes that were asked for.</summary>
    public Wire.ReturnFields Fields(ParseResult parsed)
    {
        var fields = new Wire.ReturnFields();
        fields.Texts.Add("*");
        fields.Attributes.Add(parsed.GetRequiredValue(_show));
        fields.Details.Add(Wire.Detail.Components);
        return fields;
    }
}
