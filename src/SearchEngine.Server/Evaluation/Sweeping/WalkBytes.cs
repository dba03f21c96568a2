using SearchEngine.Collections.Schema;

namespace SearchEngine.Server.Evaluation.Sweeping;

/// <summary>Bytes per point that a walk reads, by the layout of segments: links, and the code or the leading part of it. Rescoring reads the stored
/// vectors of a few candidates besides.</summary>
internal static class WalkBytes
{
    private const int LinkBytes = 4;

    /// <summary>Rows begin on cache lines.</summary>
    private const int Line = 64;

    /// <summary>Four factors beside the signs of a row.</summary>
    private const int SignFactors = 16;

    public static float Of(VectorSchema vector, SweepSetting setting)
    {
        // Twice the links on level 0; every (links - 1)th row has upper ones as well.
        double links = 2 * vector.MaxLinks * LinkBytes + (double)vector.MaxLinks * LinkBytes / Math.Max(1, vector.MaxLinks - 1);
        int bytes = Lines(setting.WalkDimension);
        int signs = Lines((setting.WalkDimension + 7) / 8 + SignFactors);
        return (float)(links + setting.Code switch
        {
            Wire.WalkCode.Bit => signs,
            Wire.WalkCode.BitThenInt8 => signs + bytes,
            _ => bytes,
        });
    }

    private static int Lines(int bytes) => (bytes + Line - 1) / Line * Line;
}
