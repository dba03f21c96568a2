namespace SearchEngine.Vectors.Graph;

/// <summary>
/// The last accepted hit among all rows is farther away than without a filter, and a margin in proportion to its distance
/// explores more than it was tuned for. So the margin shrinks with the rows that lie before that hit: not at all where they
/// are accepted too, to the margin of the filter's share where they are accepted as rarely as everywhere.
/// </summary>
/// <param name="Near">What the tuned margin multiplies squared distances by.</param>
/// <param name="Thin">What the margin of the filter's share does; the same where nothing was tuned.</param>
/// <param name="Share">Accepted rows.</param>
internal readonly record struct HitReach(float Near, float Thin, double Share)
{
    /// <param name="position">Where the last wanted hit is among all candidates, from 0.</param>
    /// <param name="hits">How many hits are wanted.</param>
    public float Factor(int position, int hits)
    {
        if (Near <= Thin || Share >= 1)
        {
            return Near;
        }
        double rarity = Math.Log((position + 1.0) / hits) / -Math.Log(Share);
        return Near + (float)Math.Min(1, rarity) * (Thin - Near);
    }
}
