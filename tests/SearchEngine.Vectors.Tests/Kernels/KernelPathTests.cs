using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Kernels;
using Xunit;

namespace SearchEngine.Vectors.Tests.Kernels;

/// <summary>
/// Every path of every kernel gives the bits of the reference, at every length, with an unreadable page directly behind
/// the last row: a difference names the path, an over-read ends the process.
/// </summary>
public sealed unsafe class KernelPathTests
{
    private const int Rows = 7;
    private static readonly uint[] Ordinals = [6, 0, 3, 3];

    public static TheoryData<int> Lengths()
    {
        var lengths = new TheoryData<int>();
        for (int length = 64; length <= 8192; length += length < 2048 ? 64 : 1024)
        {
            lengths.Add(length);
        }
        return lengths;
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void ByteProductsAreEqualOnEveryPath(int length)
    {
        using GuardedMemory rows = GuardedMemory.BeforeGuard(Rows * length, 64);
        using GuardedMemory query = GuardedMemory.BeforeGuard(length, 64);
        var random = new CounterRandom(1, 1, (ulong)length);
        foreach (Fill fill in Enum.GetValues<Fill>())
        {
            for (int i = 0; i < rows.Length; i++)
            {
                rows.Span[i] = fill == Fill.Random ? (byte)(1 + random.Next() % 255) : fill == Fill.Greatest ? (byte)255 : (byte)1;
            }
            for (int i = 0; i < length; i++)
            {
                query.Span[i] = (byte)(fill == Fill.Random ? (int)(random.Next() % 255) - 127 : fill == Fill.Greatest ? 127 : -127);
            }
            AssertEqualPaths(
                ByteDot.Paths().Select(p => (p.Name, Run(p.Run))), $"byte products, length {length}, {fill}");
        }

        Func<int[]> Run(ByteDot.Kernel kernel) => () =>
        {
            var result = new int[4];
            fixed (uint* o = Ordinals)
            fixed (int* r = result)
            {
                kernel(rows.Pointer, (nuint)length, o, (sbyte*)query.Pointer, (nuint)length, r);
            }
            return result;
        };
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void SignScoresAreEqualOnEveryPath(int length)
    {
        int code = length / 8, stride = (code + 16 + 63) / 64 * 64, words = (length / 64 + 7) / 8 * 8;
        using GuardedMemory rows = GuardedMemory.BeforeGuard(Rows * stride, 64);
        using GuardedMemory planes = GuardedMemory.BeforeGuard(4 * words * 8, 64);
        var random = new CounterRandom(1, 2, (ulong)length);
        for (int i = 0; i < rows.Length; i++)
        {
            rows.Span[i] = (byte)random.Next();
        }
        for (int r = 0; r < Rows; r++)
        {
            float* factors = (float*)(rows.Pointer + r * stride + code);
            factors[0] = (float)random.Uniform();
            // One row is an outlier whose score leaves the integers: it must saturate, not wrap.
            factors[1] = r == 6 ? 1e30f : (float)random.Uniform();
            factors[2] = (float)random.Uniform();
            factors[3] = (float)(random.Next() % (ulong)length);
        }
        for (int i = 0; i < 4; i++)
        {
            for (int w = 0; w < length / 64; w++)
            {
                ((ulong*)planes.Pointer)[i * words + w] = random.Next();
            }
        }
        var query = new SignQuery
        {
            Planes = (ulong*)planes.Pointer,
            Words = (nuint)words,
            FactorOffset = (nuint)code,
            Step = 0.013f,
            Half = 3.5f,
            InverseUnit = 40_000f,
            ErrorScale = 0.7f,
        };
        AssertEqualPaths(SignScores.Paths().Select(p => (p.Name, Run(p.Run))), $"sign scores, length {length}");

        Func<int[]> Run(SignScores.Kernel kernel) => () =>
        {
            var result = new int[8];
            fixed (uint* o = Ordinals)
            fixed (int* r = result)
            {
                SignQuery copy = query;
                kernel(rows.Pointer, (nuint)stride, o, &copy, r, r + 4);
            }
            return result;
        };
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void FloatScoresAreEqualOnEveryPath(int longest)
    {
        foreach (int length in new[] { longest - 32, longest })
        {
            foreach (FloatElement element in Enum.GetValues<FloatElement>())
            {
                foreach (FloatMeasure measure in Enum.GetValues<FloatMeasure>())
                {
                    CheckFloats(element, measure, length);
                    CheckBatches(element, measure, length);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void RotationsAreEqualOnEveryPath(int length)
    {
        using GuardedMemory values = GuardedMemory.BeforeGuard(length * sizeof(float), 64);
        var random = new CounterRandom(1, 4, (ulong)length);
        var input = new float[length];
        var signs = new float[Hadamard.Rounds * length];
        for (int i = 0; i < length; i++)
        {
            input[i] = (float)random.Gaussian();
        }
        for (int i = 0; i < signs.Length; i++)
        {
            signs[i] = (random.Next() & 1) == 0 ? 1f : -1f;
        }
        int block = 1;
        while (block * 2 <= length)
        {
            block *= 2;
        }
        AssertEqualPaths(Hadamard.Paths().Select(p => (p.Name, Run(p.Run))), $"rotation, length {length}");

        Func<float[]> Run(Hadamard.Kernel kernel) => () =>
        {
            var buffer = new Span<float>(values.Pointer, length);
            input.CopyTo(buffer);
            fixed (float* s = signs)
            {
                kernel((float*)values.Pointer, s, (nuint)length, (nuint)block);
            }
            return buffer.ToArray();
        };
    }

    [Fact]
    public void EveryFiniteHalfWidensToItsValue()
    {
        using GuardedMemory rows = GuardedMemory.BeforeGuard(4 * 64, 64);
        var query = new float[32];
        query[0] = 1f;
        float* results = stackalloc float[4];
        uint* ordinals = stackalloc uint[4];
        for (int bits = 0; bits < 65_536; bits++)
        {
            Half half = BitConverter.UInt16BitsToHalf((ushort)bits);
            if (!Half.IsFinite(half))
            {
                continue;
            }
            rows.Span.Clear();
            *(Half*)rows.Pointer = half;
            foreach (var (name, kernel) in FloatRows.Paths(FloatElement.Half, FloatMeasure.Dot))
            {
                fixed (float* q = query)
                {
                    kernel(rows.Pointer, 64, ordinals, q, 32, results);
                }
                Assert.True(results[0] == (float)half, $"{name} widens half 0x{bits:X4} to {results[0]}, not {(float)half}");
            }
        }
    }

    private static void CheckFloats(FloatElement element, FloatMeasure measure, int length)
    {
        int stride = length * FloatRows.BytesOf(element);
        using GuardedMemory rows = GuardedMemory.BeforeGuard(Rows * stride, 32);
        using GuardedMemory query = GuardedMemory.BeforeGuard(length * sizeof(float), 64);
        var random = new CounterRandom(1, 3, (ulong)length);
        for (int i = 0; i < Rows * length; i++)
        {
            if (element == FloatElement.Half)
            {
                ((Half*)rows.Pointer)[i] = (Half)random.Gaussian();
            }
            else if (element == FloatElement.Single)
            {
                ((float*)rows.Pointer)[i] = (float)random.Gaussian();
            }
            else
            {
                rows.Pointer[i] = (byte)random.Next();
            }
        }
        for (int i = 0; i < length; i++)
        {
            ((float*)query.Pointer)[i] = (float)random.Gaussian();
        }
        AssertEqualPaths(
            FloatRows.Paths(element, measure).Select(p => (p.Name, Run(p.Run))), $"{element} {measure}, length {length}");

        Func<float[]> Run(FloatRows.Kernel kernel) => () =>
        {
            var result = new float[4];
            fixed (uint* o = Ordinals)
            fixed (float* r = result)
            {
                kernel(rows.Pointer, (nuint)stride, o, (float*)query.Pointer, (nuint)length, r);
            }
            return result;
        };
    }

    private static void CheckBatches(FloatElement element, FloatMeasure measure, int length)
    {
        int stride = length * FloatRows.BytesOf(element);
        using GuardedMemory rows = GuardedMemory.BeforeGuard(Rows * stride, 32);
        using GuardedMemory queries = GuardedMemory.BeforeGuard(4 * length * sizeof(float), 64);
        var random = new CounterRandom(1, 5, (ulong)length);
        for (int i = 0; i < Rows * length; i++)
        {
            switch (element)
            {
                case FloatElement.Half:
                    ((Half*)rows.Pointer)[i] = (Half)random.Gaussian();
                    break;
                case FloatElement.Single:
                    ((float*)rows.Pointer)[i] = (float)random.Gaussian();
                    break;
                default:
                    rows.Pointer[i] = (byte)random.Next();
                    break;
            }
        }
        for (int i = 0; i < 4 * length; i++)
        {
            ((float*)queries.Pointer)[i] = (float)random.Gaussian();
        }
        var expected = new float[16];
        var one = new float[4];
        var batch = new float[16];
        FloatRows.Kernel reference = FloatRows.Paths(element, measure)[0].Run;
        fixed (uint* o = Ordinals)
        fixed (float* single = one)
        fixed (float* all = batch)
        {
            for (int q = 0; q < 4; q++)
            {
                reference(rows.Pointer, (nuint)stride, o, (float*)queries.Pointer + q * length, (nuint)length, single);
                for (int r = 0; r < 4; r++)
                {
                    expected[4 * r + q] = one[r];
                }
            }
            foreach (var (name, kernel) in FloatRows.BatchPaths(element, measure))
            {
                batch.AsSpan().Fill(float.NaN);
                kernel(rows.Pointer, (nuint)stride, o, (float*)queries.Pointer, (nuint)length, (nuint)length, all);
                Assert.True(
                    expected.SequenceEqual(batch),
                    $"{element} {measure}, length {length}: the batch of {name} gives {Join(batch)}, one query at a time {Join(expected)}");
            }
        }
    }

    private static void AssertEqualPaths<T>(IEnumerable<(string Name, Func<T[]> Run)> paths, string what)
    {
        T[]? expected = null;
        foreach (var (name, run) in paths)
        {
            T[] actual = run();
            expected ??= actual;
            Assert.True(expected.SequenceEqual(actual), $"{what}: {name} gives {Join(actual)}, the reference {Join(expected)}");
        }
    }

    private static string Join<T>(T[] values) => string.Join(", ", values.Take(8));

    private enum Fill
    {
        Random,
        Greatest,
        Least,
    }
}
