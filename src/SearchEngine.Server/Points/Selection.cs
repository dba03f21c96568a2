using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Server.Contract;

namespace SearchEngine.Server.Points;

/// <summary>Points by id or by filter.</summary>
/// <param name="Ids">Distinct; null where points are selected by filter.</param>
/// <param name="Filter">Null where they are selected by id.</param>
internal sealed record Selection(IReadOnlyList<DocumentId>? Ids, Filter? Filter)
{
    public static Selection Read(Wire.PointSelector? selector, string path) => selector?.KindCase switch
    {
        Wire.PointSelector.KindOneofCase.Ids => new Selection([.. IdMap.Read(selector.Ids, $"{path}.ids").Distinct()], null),
        Wire.PointSelector.KindOneofCase.Filter => new Selection(null, FilterMap.Read(selector.Filter, $"{path}.filter")),
        _ => throw Refusal.Required(path, "Select points by ids or by filter; an empty filter selects all."),
    };

    public Filter AsFilter() => Filter ?? new Filter { Must = [new Condition.IdIn(Ids!)] };

    /// <summary>A version is expected of exactly one point.</summary>
    public ulong? Expected(ulong? version) => version is null || Ids is { Count: 1 }
        ? version
        : throw Refusal.Invalid("expected_version", "A version is expected of a selection by exactly one id.", "Select one id, or expect no version.");
}
