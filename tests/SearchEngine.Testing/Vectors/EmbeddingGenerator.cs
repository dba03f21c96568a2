using System.Numerics;
using System.Runtime.InteropServices;

namespace SearchEngine.Testing.Vectors;

/// <summary>
/// Draws the rows of an <see cref="EmbeddingRecipe"/>. Every random number has a named stream and row, so the result does
/// not depend on the number of threads. Arithmetic is double; only the finished row is rounded to float32.
/// </summary>
public sealed class EmbeddingGenerator
{
    private const double OutlierScale = 20;

    private readonly EmbeddingRecipe _recipe;
    private readonly double[] _spectrum;
    private readonly double[][] _rotation;
    private readonly double[] _mean;
    private readonly double[] _queryShift;
    private readonly double[][] _topicCentres;
    private readonly double[] _topicWidths;
    private readonly ZipfChoice _topicChoice;

    public EmbeddingGenerator(EmbeddingRecipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        recipe.Validate();
        _recipe = recipe;
        _spectrum = Spectrum(recipe);
        _rotation = Rotation(recipe);
        _mean = Offset(recipe);
        _queryShift = QueryOffset();
        _topicCentres = new double[recipe.Topics][];
        _topicWidths = new double[recipe.Topics];
        DrawTopics();
        _topicChoice = new ZipfChoice(recipe.Topics, recipe.ZipfTopic);
    }

    public FloatMatrix Documents() => Rows(_recipe.Count, FillDocument);

    /// <summary>Some of the documents, the same as in the whole set: for sets that are too large to be held.</summary>
    public FloatMatrix Documents(int first, int count) => Rows(count, (row, scratch, target) => FillDocument(first + row, scratch, target));

    public FloatMatrix Queries() => Rows(_recipe.QueryCount, FillQuery);

    private FloatMatrix Rows(int count, Action<int, RowScratch, Memory<float>> fill)
    {
        var matrix = new FloatMatrix(count, _recipe.Dim);
        Parallel.For(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            () => new RowScratch(_recipe),
            (row, _, scratch) =>
            {
                fill(row, scratch, matrix.Values.AsMemory(row * _recipe.Dim, _recipe.Dim));
                return scratch;
            },
            _ => { });
        return matrix;
    }

    private void FillDocument(int row, RowScratch scratch, Memory<float> target)
    {
        int source = OriginalOf(row);
        DrawLatent(source, scratch.Latent);
        var length = new CounterRandom(_recipe.Seed, Stream.Length, (ulong)source);
        double norm = _recipe.LengthDeviation == 0 ? 1 : Math.Exp(_recipe.LengthDeviation * length.Gaussian());
        Project(scratch, new CounterRandom(_recipe.Seed, Stream.DocumentNoise, (ulong)source), norm, target.Span);
    }

    private void FillQuery(int row, RowScratch scratch, Memory<float> target)
    {
        var random = new CounterRandom(_recipe.Seed, Stream.Query, (ulong)row);
        int document = (int)(random.Uniform() * _recipe.Count);
        DrawLatent(document, scratch.Latent);
        for (int j = 0; j < _spectrum.Length; j++)
        {
            scratch.Latent[j] += (_recipe.QuerySpread * _spectrum[j] * random.Gaussian()) + _queryShift[j];
        }

        Project(scratch, new CounterRandom(_recipe.Seed, Stream.QueryNoise, (ulong)row), 1, target.Span);
    }

    /// <summary>A copy may be a copy of a copy; the chain ends because each link goes to an earlier row.</summary>
    private int OriginalOf(int row)
    {
        while (row > 0 && _recipe.DuplicateShare > 0)
        {
            var random = new CounterRandom(_recipe.Seed, Stream.Duplicate, (ulong)row);
            if (random.Uniform() >= _recipe.DuplicateShare)
            {
                break;
            }

            row = (int)(random.Uniform() * row);
        }

        return row;
    }

    private void DrawLatent(int document, double[] latent)
    {
        var random = new CounterRandom(_recipe.Seed, Stream.Document, (ulong)document);
        int topic = _topicChoice.At(random.Uniform());
        double scale = _recipe.DocumentSpread * _topicWidths[topic];
        double[] centre = _topicCentres[topic];
        for (int j = 0; j < latent.Length; j++)
        {
            latent[j] = centre[j] + (scale * _spectrum[j] * random.Gaussian());
        }
    }

    /// <summary>
    /// mean + latent point rotated to full dimension + full-rank noise, scaled to <paramref name="norm"/>.
    /// </summary>
    private void Project(RowScratch scratch, CounterRandom noise, double norm, Span<float> target)
    {
        Span<double> sum = scratch.Row;
        _mean.CopyTo(sum);
        for (int j = 0; j < _spectrum.Length; j++)
        {
            AddScaled(sum, _rotation[j], scratch.Latent[j]);
        }

        double noiseScale = _recipe.Noise / Math.Sqrt(_recipe.Dim);
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] += noiseScale * noise.Gaussian();
        }

        for (int t = 0; t < _recipe.OutlierDimensions; t++)
        {
            sum[(int)((long)_recipe.Dim * ((2 * t) + 1) / (2 * _recipe.OutlierDimensions))] *= OutlierScale;
        }

        double scale = norm / Math.Sqrt(Dot(sum, sum));
        for (int i = 0; i < sum.Length; i++)
        {
            target[i] = (float)(sum[i] * scale);
        }
    }

    private void DrawTopics()
    {
        var choice = new ZipfChoice(_recipe.SuperTopics, _recipe.ZipfSuper);
        var supers = new double[_recipe.SuperTopics][];
        for (int i = 0; i < supers.Length; i++)
        {
            var random = new CounterRandom(_recipe.Seed, Stream.SuperTopic, (ulong)i);
            supers[i] = new double[_recipe.Latent];
            for (int j = 0; j < _recipe.Latent; j++)
            {
                supers[i][j] = _recipe.SuperSpread * _spectrum[j] * random.Gaussian();
            }
        }

        for (int t = 0; t < _recipe.Topics; t++)
        {
            var random = new CounterRandom(_recipe.Seed, Stream.Topic, (ulong)t);
            double[] super = supers[choice.At(random.Uniform())];
            // The width takes the first value of a Box-Muller pair and the first coordinate its spare: the order is the recipe.
            _topicWidths[t] = Math.Exp(_recipe.WidthDeviation * random.Gaussian());
            _topicCentres[t] = new double[_recipe.Latent];
            for (int j = 0; j < _recipe.Latent; j++)
            {
                _topicCentres[t][j] = super[j] + (_recipe.TopicSpread * _spectrum[j] * random.Gaussian());
            }
        }
    }

    private double[] QueryOffset()
    {
        var random = new CounterRandom(_recipe.Seed, Stream.QueryShift, 0);
        var offset = new double[_recipe.Latent];
        for (int j = 0; j < offset.Length; j++)
        {
            offset[j] = _spectrum[j] * random.Gaussian();
        }

        Scale(offset, _recipe.QueryShift / Math.Sqrt(Dot(offset, offset)));
        return offset;
    }

    private static double[] Spectrum(EmbeddingRecipe recipe)
    {
        var spectrum = new double[recipe.Latent];
        for (int j = 0; j < spectrum.Length; j++)
        {
            spectrum[j] = Math.Pow(j + 1, -recipe.Alpha);
        }

        Scale(spectrum, 1 / Math.Sqrt(Dot(spectrum, spectrum)));
        return spectrum;
    }

    /// <summary>Rows made orthonormal by Gram-Schmidt; a second pass removes what rounding left of the first.</summary>
    private static double[][] Rotation(EmbeddingRecipe recipe)
    {
        var rows = new double[recipe.Latent][];
        for (int i = 0; i < rows.Length; i++)
        {
            var random = new CounterRandom(recipe.Seed, Stream.Rotation, (ulong)i);
            double[] row = rows[i] = new double[recipe.Dim];
            for (int j = 0; j < row.Length; j++)
            {
                row[j] = random.Gaussian();
            }

            for (int pass = 0; pass < 2; pass++)
            {
                for (int earlier = 0; earlier < i; earlier++)
                {
                    AddScaled(row, rows[earlier], -Dot(row, rows[earlier]));
                }
            }

            Scale(row, 1 / Math.Sqrt(Dot(row, row)));
        }

        return rows;
    }

    private static double[] Offset(EmbeddingRecipe recipe)
    {
        var random = new CounterRandom(recipe.Seed, Stream.Mean, 0);
        var offset = new double[recipe.Dim];
        for (int i = 0; i < offset.Length; i++)
        {
            offset[i] = random.Gaussian();
        }

        Scale(offset, recipe.Mean / Math.Sqrt(Dot(offset, offset)));
        return offset;
    }

    private static void Scale(Span<double> values, double factor)
    {
        foreach (ref double value in values)
        {
            value *= factor;
        }
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static void AddScaled(Span<double> target, ReadOnlySpan<double> source, double factor)
    {
        Span<Vector<double>> targets = MemoryMarshal.Cast<double, Vector<double>>(target);
        ReadOnlySpan<Vector<double>> sources = MemoryMarshal.Cast<double, Vector<double>>(source);
        for (int i = 0; i < targets.Length; i++)
        {
            targets[i] += sources[i] * factor;
        }

        for (int i = targets.Length * Vector<double>.Count; i < target.Length; i++)
        {
            target[i] += source[i] * factor;
        }
    }

    private static class Stream
    {
        public const ulong Rotation = 1;
        public const ulong Mean = 2;
        public const ulong QueryShift = 3;
        public const ulong SuperTopic = 4;
        public const ulong Topic = 5;
        public const ulong Document = 6;
        public const ulong DocumentNoise = 7;
        public const ulong Query = 8;
        public const ulong QueryNoise = 9;
        public const ulong Length = 10;
        public const ulong Duplicate = 11;
    }

    private sealed class RowScratch(EmbeddingRecipe recipe)
    {
        public double[] Latent { get; } = new double[recipe.Latent];

        public double[] Row { get; } = new double[recipe.Dim];
    }
}
