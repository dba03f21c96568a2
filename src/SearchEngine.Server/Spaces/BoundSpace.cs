using System.Runtime.CompilerServices;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Server.Spaces;

/// <summary>The space a vector of a collection is bound to.</summary>
internal sealed class BoundSpace
{
    // Schemas are immutable and few; searches ask for each call.
    private static readonly ConditionalWeakTable<IVectorField, BoundSpace> Known = [];

    private BoundSpace(Wire.SpaceBinding binding)
    {
        Binding = binding;
        Id = binding.KindCase == Wire.SpaceBinding.KindOneofCase.Encoder ? SpaceId.Of(binding.Encoder) : binding.Declared;
        TellsSidesApart = binding.Sidedness == Wire.Sidedness.Asymmetric;
    }

    /// <summary>What origins must state.</summary>
    public string Id { get; }

    public bool TellsSidesApart { get; }

    public Wire.SpaceBinding Binding { get; }

    /// <summary>Null for a vector that is not bound.</summary>
    public static BoundSpace? Of(IVectorField vector) => vector.Space is null
        ? null
        : Known.GetValue(vector, static v => new BoundSpace(SpaceCodec.Decode(v.Space!)));
}
