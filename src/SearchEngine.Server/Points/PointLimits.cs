namespace SearchEngine.Server.Points;

/// <summary>Limits of calls about points, as common.proto's Limits has them.</summary>
internal static class PointLimits
{
    /// <summary>Points or ids of one unary call.</summary>
    public const int MaxBatchItems = 1_000;

    /// <summary>Bytes of the points of one Upsert.</summary>
    public const int MaxBatchBytes = 4 << 20;

    /// <summary>The largest unary request.</summary>
    public const int MaxRequestBytes = 16 << 20;

    /// <summary>The largest frame of an upload.</summary>
    public const int MaxFrameBytes = 4 << 20;

    /// <summary>Bytes of the attributes of one UpdateAttributes.</summary>
    public const int MaxAttributeBytes = 65_536;

    public const int MaxOrigins = 16;
}
