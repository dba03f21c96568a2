using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Attributes;

/// <summary>A part of the sphere that places are tested against. Immutable.</summary>
internal abstract class GeoShape
{
    /// <param name="place">Canonical: see <see cref="GeoPlace.Canonical"/>.</param>
    public abstract bool Contains(GeoPoint place);

    /// <summary>
    /// How the places of a cell stand to the shape. Inside and Outside are promises about every place whose coordinates lie
    /// in the cell's bounds; Crossing promises nothing.
    /// </summary>
    public abstract GeoRelation Relate(in GeoCell cell);

    public abstract void WriteTo(BinaryWriter writer);
}
