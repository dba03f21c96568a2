using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Attributes;

/// <summary>The place lies in a shape.</summary>
internal sealed class ShapeTest(GeoShape shape) : ValueTest
{
    public GeoShape Shape => shape;

    public override TestKind Kind => TestKind.Order;

    public override bool IsEmpty => false;

    public override bool Holds(AttributeValue element) => shape.Contains(GeoPlace.Canonical(element.Place));

    public override ValueTest? UnionOf(IReadOnlyList<ValueTest> tests) => null;

    public override void WriteTo(BinaryWriter writer) => shape.WriteTo(writer);
}
