using System.Collections.Concurrent;
using System.Numerics;

namespace SearchEngine.Server.Encoders;

/// <summary>
/// Predicts how long an encoder takes for some texts: time per text by model and length, as running averages of what calls took, waiting
/// at the encoder included. Before the first measurement a guess for a small model on a few cores. Races lose a sample at worst.
/// </summary>
internal sealed class InferenceCosts
{
    /// <summary>Lengths in the same power of two, from 64 bytes up, cost about the same.</summary>
    private const int Buckets = 15;

    private const int SmallestLog = 6;

    private const double GuessMicros = 500, GuessMicrosPerByte = 15;

    /// <summary>Weight of a new sample once there are some.</summary>
    private const double LeastGain = 0.2;

    /// <summary>A sample moves an average by at most this factor once there are some: one call that was descheduled is no trend.</summary>
    private const double MostJump = 4;

    /// <summary>What a refusal takes off: an estimate that refuses everything would never be corrected by a measurement.</summary>
    private const double Doubt = 0.97;

    /// <summary>Doubts end here, as a share of the guess: whoever asks for impossible times on purpose must not make models look free.</summary>
    private const double LeastDoubted = 0.01;

    private const int MostModels = 1_000;

    private readonly ConcurrentDictionary<string, Model> _models = new(StringComparer.Ordinal);

    /// <summary>Microseconds of one text among others like it.</summary>
    /// <param name="model">Any name that tells models and kinds of work apart.</param>
    /// <param name="bytes">Length of the text, or of query and text together.</param>
    public double Predict(string model, int bytes)
    {
        int at = BucketOf(bytes);
        if (!_models.TryGetValue(model, out Model? known))
        {
            return Guess(at);
        }
        Bucket[] buckets = known.Buckets;
        if (buckets[at].Count > 0)
        {
            return buckets[at].Micros;
        }
        // The nearest length that was measured says how fast this machine is.
        int near = Enumerable.Range(0, Buckets).Where(i => buckets[i].Count > 0).DefaultIfEmpty(-1).MinBy(i => Math.Abs(i - at));
        return near < 0 ? Guess(at) * known.GuessShare : buckets[near].Micros * Guess(at) / Guess(near);
    }

    public bool IsMeasured(string model) => _models.TryGetValue(model, out Model? known) && Array.Exists(known.Buckets, static b => b.Count > 0);

    /// <param name="lengths">Of the texts of one call, as they were predicted.</param>
    /// <param name="micros">What the call took.</param>
    public void Learn(string model, IReadOnlyCollection<int> lengths, double micros)
    {
        double predicted = lengths.Sum(length => Predict(model, length));
        if (lengths.Count == 0 || micros <= 0)
        {
            return;
        }
        double ratio = micros / predicted;
        double[] before = [.. Enumerable.Range(0, Buckets).Select(at => Predict(model, LengthOf(at)))];
        Model known = Of(model);
        foreach (int at in lengths.Select(BucketOf).Distinct())
        {
            known.Buckets[at].Add(before[at] * ratio, LeastGain, MostJump);
        }
    }

    /// <summary>Work was refused because of the prediction, also where that was only a guess.</summary>
    public void Doubted(string model)
    {
        Model known = Of(model);
        known.GuessShare = Math.Max(LeastDoubted, known.GuessShare * Doubt);
        for (int at = 0; at < Buckets; at++)
        {
            double least = LeastDoubted * Guess(at);
            if (known.Buckets[at].Micros > least)
            {
                known.Buckets[at].Micros = Math.Max(least, known.Buckets[at].Micros * Doubt);
            }
        }
    }

    private Model Of(string name)
    {
        if (_models.TryGetValue(name, out Model? known))
        {
            return known;
        }
        if (_models.Count >= MostModels)
        {
            // Models come and go; what is in use is learned again at once.
            _models.Clear();
        }
        return _models.GetOrAdd(name, static _ => new Model());
    }

    private static int BucketOf(int bytes) => Math.Clamp(BitOperations.Log2((uint)Math.Max(1, bytes)) - SmallestLog + 1, 0, Buckets - 1);

    private static int LengthOf(int bucket) => bucket == 0 ? 1 : 1 << (bucket + SmallestLog - 1);

    private static double Guess(int bucket) => GuessMicros + GuessMicrosPerByte * LengthOf(bucket);

    private sealed class Model
    {
        public Bucket[] Buckets { get; } = [.. Enumerable.Range(0, InferenceCosts.Buckets).Select(static _ => new Bucket())];

        /// <summary>What refusals have left of the guess, which holds until something is measured.</summary>
        public double GuessShare { get; set; } = 1;
    }

    private sealed class Bucket
    {
        public double Micros { get; set; }

        public int Count { get; private set; }

        public void Add(double sample, double leastGain, double mostJump)
        {
            double gain = Math.Max(leastGain, 1.0 / (Count + 1));
            double bounded = Count == 0 ? sample : Math.Clamp(sample, Micros / mostJump, Micros * mostJump);
            Micros += gain * (bounded - Micros);
            Count++;
        }
    }
}
