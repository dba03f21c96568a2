using SearchEngine.Collections;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Server.Contract;

namespace SearchEngine.Server.Search;

/// <summary>Which conditions of a filter a point meets, one by one. Only those the caller wrote are told.</summary>
internal static class ConditionVerdicts
{
    /// <param name="asked">As the caller wrote it.</param>
    /// <param name="id">A point the caller may see.</param>
    public static IEnumerable<Wire.ConditionVerdict> Of(Wire.Filter? asked, DocumentId id, Collection collection)
    {
        Filter filter = FilterMap.Read(asked, "filter");
        return Of(filter.Must, "filter.must", id, collection)
            .Concat(Of(filter.Should, "filter.should", id, collection))
            .Concat(Of(filter.MustNot, "filter.must_not", id, collection));
    }

    private static IEnumerable<Wire.ConditionVerdict> Of(IReadOnlyList<Condition> conditions, string path, DocumentId id, Collection collection)
    {
        for (int i = 0; i < conditions.Count; i++)
        {
            var own = new Filter { Must = [new Condition.IdIn([id]), conditions[i]] };
            var verdict = new Wire.ConditionVerdict { Path = $"{path}[{i}]", Met = collection.Count(own) > 0 };
            if (AttributeOf(conditions[i]) is { } attribute
                && collection.Get([id], new DocumentParts { Attributes = [attribute], Texts = [], Vectors = [] })[0] is { } document
                && document.Attributes.TryGetValue(attribute, out AttributeValue value))
            {
                verdict.Value = ValueMap.Write(value);
            }
            yield return verdict;
        }
    }

    private static string? AttributeOf(Condition condition) => condition switch
    {
        Condition.EqualTo c => c.Attribute,
        Condition.AnyOf c => c.Attribute,
        Condition.Range c => c.Attribute,
        Condition.WithinRadius c => c.Attribute,
        Condition.WithinBox c => c.Attribute,
        Condition.Exists c => c.Attribute,
        _ => null,
    };
}
