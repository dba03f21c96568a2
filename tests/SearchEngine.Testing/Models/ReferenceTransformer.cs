namespace SearchEngine.Testing.Models;

/// <summary>
/// A BERT-shaped encoder in double precision, one text at a time, written for clarity: the oracle for what a model computes.
/// Weights are looked up by the names that the graph writer uses; matrices are [in, out].
/// </summary>
public sealed class ReferenceTransformer(int hidden, int layers, int heads, double epsilon, Func<string, float[]?> weights)
{
    /// <summary>The state of every token.</summary>
    public double[][] States(ReadOnlySpan<long> ids, ReadOnlySpan<long> mask, ReadOnlySpan<long> types)
    {
        var states = new double[ids.Length][];
        for (var t = 0; t < ids.Length; t++)
        {
            states[t] = Row("embeddings.word", ids[t]);
            Add(states[t], Row("embeddings.position", t));
            if (weights("embeddings.type") != null)
                Add(states[t], Row("embeddings.type", types[t]));
            states[t] = Norm("embeddings.norm", states[t]);
        }
        var counted = mask.ToArray().Select(m => m != 0).ToArray();
        for (var layer = 0; layer < layers; layer++)
            states = Layer($"layer.{layer}", states, counted);
        return states;
    }

    /// <summary>The mean of the states that the mask counts, at unit length.</summary>
    public static double[] MeanNormalized(double[][] states, ReadOnlySpan<long> mask)
    {
        var mean = new double[states[0].Length];
        for (var t = 0; t < states.Length; t++)
        {
            if (mask[t] != 0)
                Add(mean, states[t]);
        }
        return Normalized(mean);
    }

    public static double[] Normalized(double[] vector)
    {
        var length = Math.Sqrt(vector.Sum(x => x * x));
        return [.. vector.Select(x => x / length)];
    }

    private double[][] Layer(string name, double[][] states, bool[] counted)
    {
        double[][] Project(string part) => [.. states.Select(s => Linear($"{name}.{part}", s))];
        var (query, key, value) = (Project("query"), Project("key"), Project("value"));
        var next = new double[states.Length][];
        for (var t = 0; t < states.Length; t++)
        {
            var mixed = Attend(query[t], key, value, counted);
            var attended = Linear($"{name}.attention", mixed);
            Add(attended, states[t]);
            attended = Norm($"{name}.attention.norm", attended);
            var up = Linear($"{name}.up", attended);
            var down = Linear($"{name}.down", [.. up.Select(Gelu)]);
            Add(down, attended);
            next[t] = Norm($"{name}.norm", down);
        }
        return next;
    }

    private double[] Attend(double[] query, double[][] key, double[][] value, bool[] counted)
    {
        var width = hidden / heads;
        var mixed = new double[hidden];
        for (var head = 0; head < heads; head++)
        {
            var from = head * width;
            double Score(int t) => counted[t] ? Dot(query, key[t], from, width) / Math.Sqrt(width) : double.NegativeInfinity;
            var scores = Enumerable.Range(0, key.Length).Select(Score).ToArray();
            var top = scores.Max();
            var exponents = scores.Select(s => Math.Exp(s - top)).ToArray();
            var sum = exponents.Sum();
            for (var t = 0; t < key.Length; t++)
            {
                for (var i = from; i < from + width; i++)
                    mixed[i] += exponents[t] / sum * value[t][i];
            }
        }
        return mixed;
    }

    private double[] Row(string table, long row) =>
        [.. weights(table)!.Skip((int)row * hidden).Take(hidden).Select(x => (double)x)];

    private double[] Linear(string name, double[] x)
    {
        var (weight, bias) = (weights($"{name}.weight")!, weights($"{name}.bias")!);
        var y = bias.Select(b => (double)b).ToArray();
        for (var i = 0; i < x.Length; i++)
        {
            for (var j = 0; j < y.Length; j++)
                y[j] += x[i] * weight[i * y.Length + j];
        }
        return y;
    }

    private double[] Norm(string name, double[] x)
    {
        var (gain, shift) = (weights($"{name}.weight")!, weights($"{name}.bias")!);
        var mean = x.Average();
        var root = Math.Sqrt(x.Average(v => (v - mean) * (v - mean)) + epsilon);
        return [.. x.Select((v, i) => (v - mean) / root * gain[i] + shift[i])];
    }

    private static double Gelu(double x) => 0.5 * x * (1 + Erf(x / Math.Sqrt(2)));

    /// <summary>The series with positive terms only, which loses no digits: e^-x² Σ 2^n x^(2n+1) / (2n+1)!!</summary>
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 6)
            return Math.Sign(x);
        double term = x, sum = x;
        for (var n = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
            sum += term *= 2 * x * x / (2 * n + 1);
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    private static double Dot(double[] a, double[] b, int from, int count)
    {
        double sum = 0;
        for (var i = from; i < from + count; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static void Add(double[] to, double[] more)
    {
        for (var i = 0; i < to.Length; i++)
            to[i] += more[i];
    }
}
