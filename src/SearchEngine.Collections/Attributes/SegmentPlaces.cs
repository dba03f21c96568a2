using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Attributes;

/// <summary>
/// Places of a segment in the order of their Morton codes: a cell of any level is a run. A shape is answered by the runs
/// of cells that lie inside, and place by place in the small cells that its border crosses. Mapped.
/// </summary>
internal sealed class SegmentPlaces : AttributeColumn
{
    /// <summary>Cells of so few places are tested place by place.</summary>
    private const int LeafPlaces = 32;

    /// <summary>Estimates look no closer than at cells of one place in so many.</summary>
    private const int EstimateShare = 256;

    private readonly string _path;
    private readonly bool _isArray;
    private readonly MappedArray<ulong> _existing;
    private readonly MappedArray<ulong> _cells;
    private readonly MappedArray<uint> _ordinals;
    private readonly MappedArray<GeoPoint> _places;

    public SegmentPlaces(SectionFile file, int position, int rows, bool isArray)
    {
        _path = file.Path;
        _isArray = isArray;
        _existing = file.Array<ulong>(ColumnSections.Of(position, ColumnSections.Existing));
        _cells = file.Array<ulong>(ColumnSections.Of(position, ColumnSections.Cells));
        _ordinals = file.Array<uint>(ColumnSections.Of(position, ColumnSections.Ordinals));
        _places = file.Array<GeoPoint>(ColumnSections.Of(position, ColumnSections.Places));
        if (_existing.Length != RowSet.WordsFor(rows) || _ordinals.Length != _cells.Length || _places.Length != _cells.Length)
        {
            throw StorageErrors.Damaged(file.Path, $"the sections of column {position} do not fit each other");
        }
    }

    public override void AddExisting(RowSet rows) => ColumnBits.Add(_existing.Span, rows, _path);

    public override void AddMatches(ValueTest test, RowSet rows)
    {
        if (test is ShapeTest shape)
        {
            AddShape(shape.Shape, rows);
            return;
        }
        foreach (GeoPoint place in ((PlaceSetTest)test).Places)
        {
            (int from, int to) = Run(GeoPlace.Cell(place), GeoPlace.CellBits, 0, _cells.Length);
            AddHolding(test, from, to, rows);
        }
    }

    public override MatchEstimate EstimateExisting(int rows) => Estimate(_cells.Length, _cells.Length, rows);

    public override MatchEstimate EstimateMatches(ValueTest test, int rows)
    {
        if (test is ShapeTest shape)
        {
            (int inside, int crossing) = Count(shape.Shape, GeoCell.World, 0, 0, _cells.Length);
            return Estimate(inside, inside + crossing, rows);
        }
        int most = 0;
        foreach (GeoPoint place in ((PlaceSetTest)test).Places)
        {
            (int from, int to) = Run(GeoPlace.Cell(place), GeoPlace.CellBits, 0, _cells.Length);
            most += to - from;
        }
        return Estimate(0, most, rows);
    }

    private void AddShape(GeoShape shape, RowSet rows)
    {
        if (_isArray || Count(shape, GeoCell.World, 0, 0, _cells.Length).Inside <= _cells.Length / 2)
        {
            Visit(shape, GeoCell.World, 0, 0, _cells.Length, rows);
            return;
        }
        // Fewer bits to set: the places outside, taken from all.
        using RowSet outside = RowSet.None(rows.Rows);
        Visit(new GeoComplement(shape), GeoCell.World, 0, 0, _cells.Length, outside);
        using RowSet inside = RowSet.None(rows.Rows);
        AddExisting(inside);
        inside.AndNot(outside.Words);
        rows.Or(inside.Words);
    }

    private void Visit(GeoShape shape, in GeoCell cell, ulong code, int from, int to, RowSet rows)
    {
        GeoRelation relation = from == to ? GeoRelation.Outside : shape.Relate(cell);
        if (relation == GeoRelation.Outside)
        {
            return;
        }
        if (relation == GeoRelation.Inside)
        {
            if (to - from == _cells.Length)
            {
                AddExisting(rows);
                return;
            }
            ColumnBits.Add(_ordinals.Span[from..to], rows, _path);
            return;
        }
        if (to - from <= LeafPlaces || cell.Level == GeoPlace.CellBits)
        {
            AddInside(shape, from, to, rows);
            return;
        }
        for (int quarter = 0; quarter < 4; quarter++)
        {
            ulong part = PartCode(code, cell.Level, quarter);
            (int first, int end) = Run(part, cell.Level + 1, from, to);
            Visit(shape, cell.Part(quarter), part, first, end, rows);
        }
    }

    private (int Inside, int Crossing) Count(GeoShape shape, in GeoCell cell, ulong code, int from, int to)
    {
        GeoRelation relation = from == to ? GeoRelation.Outside : shape.Relate(cell);
        if (relation != GeoRelation.Crossing)
        {
            return (relation == GeoRelation.Inside ? to - from : 0, 0);
        }
        if (to - from <= _cells.Length / EstimateShare || cell.Level == GeoPlace.CellBits)
        {
            return (0, to - from);
        }
        (int inside, int crossing) = (0, 0);
        for (int quarter = 0; quarter < 4; quarter++)
        {
            ulong part = PartCode(code, cell.Level, quarter);
            (int first, int end) = Run(part, cell.Level + 1, from, to);
            (int partInside, int partCrossing) = Count(shape, cell.Part(quarter), part, first, end);
            inside += partInside;
            crossing += partCrossing;
        }
        return (inside, crossing);
    }

    private MatchEstimate Estimate(long least, long most, int rows)
    {
        long bound = Math.Min(most, rows);
        long floor = Math.Min(_isArray ? Math.Min(least, 1) : least, bound);
        return new MatchEstimate(floor, Math.Clamp((Math.Min(least, bound) + bound) / 2, floor, bound), bound);
    }

    private static ulong PartCode(ulong code, int level, int quarter) => code | ((ulong)quarter << (2 * (GeoPlace.CellBits - 1 - level)));

    /// <summary>The places of a cell of a level, within a run of places.</summary>
    private (int From, int To) Run(ulong code, int level, int from, int to)
    {
        ReadOnlySpan<ulong> cells = _cells.Span[from..to];
        ulong last = code + ((1UL << (2 * (GeoPlace.CellBits - level))) - 1);
        int first = SortedSearch.FirstAtLeast(cells, code);
        int end = last == ulong.MaxValue ? cells.Length : SortedSearch.FirstAtLeast(cells, last + 1);
        return first <= end ? (from + first, from + end) : throw StorageErrors.Damaged(_path, "places are not in order");
    }

    private void AddInside(GeoShape shape, int from, int to, RowSet rows)
    {
        ReadOnlySpan<GeoPoint> places = _places.Span;
        ReadOnlySpan<uint> ordinals = _ordinals.Span;
        for (int i = from; i < to; i++)
        {
            if (shape.Contains(places[i]))
            {
                ColumnBits.Add(ordinals.Slice(i, 1), rows, _path);
            }
        }
    }

    private void AddHolding(ValueTest test, int from, int to, RowSet rows)
    {
        for (int i = from; i < to; i++)
        {
            if (((PlaceSetTest)test).Holds(_places[i]))
            {
                ColumnBits.Add(_ordinals.Span.Slice(i, 1), rows, _path);
            }
        }
    }
}
