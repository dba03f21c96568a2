namespace SearchEngine.Vectors.Tests.Quality;

/// <summary>
/// Mean recall of the ten best at breadth 64 and 200: walking on byte codes (prefiltered or not), and on 1-bit records.
/// </summary>
public sealed record RecallFloors(double Codes64, double Codes200, double Signs64, double Signs200)
{
    public double At(WalkTier tier, int breadth) => (tier, breadth) switch
    {
        (WalkTier.Sign, 64) => Signs64,
        (WalkTier.Sign, 200) => Signs200,
        (_, 64) => Codes64,
        (_, 200) => Codes200,
        _ => throw new ArgumentOutOfRangeException(nameof(breadth), breadth, "Floors are set for 64 and 200."),
    };
}
