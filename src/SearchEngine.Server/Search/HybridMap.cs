using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Rpc;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search;

/// <summary>Several queries whose rankings are made one.</summary>
internal static class HybridMap
{
    private const string ComponentsPath = "hybrid.components";
    private const int MaxNameBytes = 64;

    public static (Engine.HybridRequest Request, IReadOnlyList<SearchComponent> Components) Read(in SearchScope scope)
    {
        Wire.SearchRequest search = scope.Search;
        if (search.HasMinScore)
        {
            throw Refusal.Of(
                Wire.ErrorReason.ThresholdNotMeaningful, "min_score", "Fused scores are an order, not a measure.", "Set min_score per component.");
        }
        IReadOnlyList<Wire.Component> declared = search.Hybrid.Components;
        if (declared.Count is 0 or > Engine.HybridRequest.MaxParts)
        {
            throw declared.Count == 0
                ? Refusal.Required(ComponentsPath, "Send the queries whose rankings are to be fused.")
                : Refusal.Limit(ComponentsPath, declared.Count, Engine.HybridRequest.MaxParts, "components", "Fuse fewer queries.");
        }
        var parts = new List<Engine.HybridPart>(declared.Count);
        var components = new List<SearchComponent>(declared.Count);
        Filter filter = scope.Filter;
        for (int i = 0; i < declared.Count; i++)
        {
            try
            {
                (Engine.HybridPart part, SearchComponent component, DocumentId? self) = Component(declared[i], scope);
                parts.Add(part);
                components.Add(Named(declared[i], component, components, i));
                // A point that is a query is no hit, whichever query would find it.
                filter = self is { } id ? SearchMap.Without(filter, id) : filter;
            }
            catch (RpcException refused) when (!IsOfTheSearch(refused))
            {
                throw ItemErrors.Within(refused, PathOf(i));
            }
        }
        if (components.TrueForAll(static c => c.Vector is null))
        {
            WordsMap.RefuseWalk(search);
        }
        return (FusionMap.Fuse(search.Hybrid.Fusion, parts, components) with { Filter = filter }, components);
    }

    public static string PathOf(int component) => $"{ComponentsPath}[{component}]";

    private static (Engine.HybridPart Part, SearchComponent Component, DocumentId? Self) Component(Wire.Component declared, in SearchScope scope)
    {
        if (declared.Query is null)
        {
            throw Refusal.Required("query", "Set the query.");
        }
        if (declared.Candidates > Engine.SearchRequest.MaxHits)
        {
            throw Refusal.Limit("candidates", declared.Candidates, Engine.SearchRequest.MaxHits, "candidates", "Fuse fewer.");
        }
        int? depth = declared.Candidates == 0 ? null : (int)declared.Candidates;
        float? least = declared.HasMinScore ? SearchMap.Threshold(declared.MinScore, "min_score") : null;
        double weight = WordsMap.Weight(declared.Weight, "weight");
        SearchScope own = scope with { Wanted = depth ?? Math.Max(scope.Wanted, Engine.HybridRequest.DefaultDepth), Offset = 0 };
        if (declared.Query.KindCase == Wire.Query.KindOneofCase.Lexical)
        {
            (Engine.TextSearchRequest words, SearchComponent lexical) = WordsMap.Read(declared.Query, own);
            return (new Engine.HybridPart.ByPostings(words with { MinScore = least }) { Weight = weight, Depth = depth }, lexical, null);
        }
        if (MultiMap.IsMulti(declared.Query, scope.Collection.Schema))
        {
            (Engine.MultiSearchRequest tokens, SearchComponent multi, DocumentId? document) = MultiMap.Read(declared.Query, own);
            return (new Engine.HybridPart.ByMulti(tokens with { MinScore = least }) { Weight = weight, Depth = depth }, multi, document);
        }
        if (SparseMap.IsSparse(declared.Query, scope.Collection.Schema))
        {
            (Engine.SparseSearchRequest weights, SearchComponent sparse, DocumentId? point) = SparseMap.Read(declared.Query, own);
            return (new Engine.HybridPart.ByPostings(weights with { MinScore = least }) { Weight = weight, Depth = depth }, sparse, point);
        }
        (Engine.SearchRequest vector, SearchComponent dense, DocumentId? self) = QueryMap.Read(declared.Query, own);
        return (new Engine.HybridPart.ByVector(vector with { MinScore = least }) { Weight = weight, Depth = depth }, dense, self);
    }

    private static SearchComponent Named(Wire.Component declared, SearchComponent component, List<SearchComponent> before, int at)
    {
        TextLength.Check(declared.Name, MaxNameBytes, "name");
        string name = declared.Name;
        for (int number = 1; name.Length == 0 || (declared.Name.Length == 0 && before.Exists(c => c.Name == name)); number++)
        {
            name = number == 1 ? component.Name : $"{component.Name}{Refusal.Number(number)}";
        }
        if (before.Exists(c => c.Name == name))
        {
            throw Refusal.Invalid("name", $"Two components are named \"{Refusal.Shown(name)}\".", "Name them differently, or not at all.", name);
        }
        return component with { Name = name, Text = component.Text is { } text ? text with { Path = $"{PathOf(at)}.{text.Path}" } : null };
    }

    // Accuracy and walk are said once for all components.
    private static bool IsOfTheSearch(RpcException refused) => refused.Facts.TryGetValue(Refusal.FieldFact, out string? field)
        && (field.StartsWith("accuracy", StringComparison.Ordinal) || field.StartsWith("walk", StringComparison.Ordinal));
}
