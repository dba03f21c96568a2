namespace SearchEngine.Server.Encoders;

/// <summary>A text of the query side as a vector, and how it became one.</summary>
/// <param name="Values">The vector; shared with the cache, so nobody may change it.</param>
/// <param name="Use">What the encoder read.</param>
/// <param name="Fingerprint">Space and build that made it.</param>
internal sealed record EncodedQuery(float[] Values, Wire.TextUse? Use, Wire.Fingerprint Fingerprint)
{
    /// <summary>Another build of the space than the one the collection was made with: it has given the canary vectors too.</summary>
    public bool IsOtherBuild { get; init; }

    /// <summary>Of the call that encoded it; null where it was remembered.</summary>
    public Wire.Timings? Timings { get; init; }
}
