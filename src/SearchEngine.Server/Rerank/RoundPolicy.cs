namespace SearchEngine.Server.Rerank;

/// <summary>
/// How large rounds are: small at first, so that there is an order soon, then larger, because full batches are cheaper; and never more than
/// half of the time that is left, because a round that is late is lost whole.
/// </summary>
internal static class RoundPolicy
{
    /// <summary>Characters of a round: it is one message.</summary>
    public const int MaxCharacters = 4 << 20;

    /// <summary>Length of a text nobody has read yet.</summary>
    public const int TypicalBytes = 512;

    /// <summary>A single pair is tried while its prediction is within this share of what is left.</summary>
    public const double LastTry = 0.8;

    private const int FirstPairs = 8;
    private const int MostPairs = 64;
    private const double ShareOfRest = 0.5;
    private const double MostMicros = 500_000;

    /// <param name="round">From 0.</param>
    /// <param name="left">Time that is left; null for ever.</param>
    public static RoundLimit Next(int round, TimeSpan? left) => new(
        Math.Min(MostPairs, FirstPairs << Math.Min(round, 16)),
        left is { } rest ? Math.Min(MostMicros, Math.Max(0, rest.TotalMicroseconds * ShareOfRest)) : MostMicros);

    /// <summary>How far it will come, if every pair takes the same.</summary>
    /// <param name="micros">Of one pair.</param>
    public static (int Depth, int Rounds) Foresee(int depth, double micros, TimeSpan? left)
    {
        int done = 0, rounds = 0;
        while (done < depth)
        {
            if (left is { } rest && micros > rest.TotalMicroseconds * LastTry)
            {
                break;
            }
            RoundLimit limit = Next(rounds, left);
            int pairs = Math.Clamp((int)(limit.Micros / Math.Max(1, micros)), 1, Math.Min(limit.Pairs, depth - done));
            done += pairs;
            left -= TimeSpan.FromMicroseconds(pairs * micros);
            rounds++;
        }
        return (done, rounds);
    }
}
