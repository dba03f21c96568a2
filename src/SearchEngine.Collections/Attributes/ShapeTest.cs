using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Attributes;

/// <summary>The place lies in a shape.</summary>
internal sealed class ShapeTest(GeoShape shape) : ValueTest
{
    public GeoShape Shape => shape;

    public override TestKind Kind => TestKind.Order;

    public override bool IsEmpty => false;

    public override bool Holds(AttributeType type, scoped in BodyItem item) => shape.Contains(GeoPlace.Canonical(item.Place));

    public override ValueTest? UnionOf(IReadOnlyList<ValueTest> tests) => null;

    public override void WriteTo(BinaryWriter writer) => shape.WriteTo(writer);
}
