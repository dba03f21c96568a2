using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Attributes;

/// <summary>Writes a column of places.</summary>
internal sealed class PlaceColumnWriter(AttributeSchema attribute, int rows) : ColumnWriter(attribute, rows)
{
    private readonly List<GeoPoint> _places = [];

    protected override void TakeValue(scoped in BodyItem item) => _places.Add(GeoPlace.Canonical(item.Place));

    protected override ColumnHeader WriteSections(SectionFileWriter writer, int position)
    {
        ulong[] cells = [.. _places.Select(GeoPlace.Cell)];
        int[] order = [.. Enumerable.Range(0, cells.Length)];
        // Equal cells in the order of the rows, so that the same rows give the same file.
        Array.Sort(order, (a, b) => cells[a] != cells[b] ? cells[a].CompareTo(cells[b]) : a.CompareTo(b));
        writer.Add<ulong>(ColumnSections.Of(position, ColumnSections.Cells), Array.ConvertAll(order, i => cells[i]));
        writer.Add<uint>(ColumnSections.Of(position, ColumnSections.Ordinals), Array.ConvertAll(order, i => EntryRows[i]));
        writer.Add<GeoPoint>(ColumnSections.Of(position, ColumnSections.Places), Array.ConvertAll(order, i => _places[i]));
        return new ColumnHeader(Attribute, 0, 0, cells.Length);
    }
}
