using Google.Protobuf.Collections;

namespace SearchEngine.Server.Search.Streaming;

/// <summary>What changed from one list of hits to the next.</summary>
internal static class HitDeltas
{
    public static Wire.HitDelta Between(uint baseRevision, IReadOnlyList<Wire.Hit> before, RepeatedField<Wire.Hit> after)
    {
        var delta = new Wire.HitDelta { BaseRevision = baseRevision, Length = (uint)after.Count };
        for (int i = 0; i < after.Count; i++)
        {
            if (i >= before.Count || !before[i].Equals(after[i]))
            {
                delta.Changed.Add(new Wire.RankedHit { Position = (uint)i, Hit = after[i] });
            }
        }
        return delta;
    }
}
