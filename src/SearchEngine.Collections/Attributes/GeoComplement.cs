using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Attributes;

/// <summary>Everything outside of a shape.</summary>
internal sealed class GeoComplement(GeoShape shape) : GeoShape
{
    public override bool Contains(GeoPoint place) => !shape.Contains(place);

    public override GeoRelation Relate(in GeoCell cell) => shape.Relate(cell) switch
    {
        GeoRelation.Inside => GeoRelation.Outside,
        GeoRelation.Outside => GeoRelation.Inside,
        _ => GeoRelation.Crossing,
    };

    public override void WriteTo(BinaryWriter writer)
    {
        writer.Write((byte)'!');
        shape.WriteTo(writer);
    }
}
