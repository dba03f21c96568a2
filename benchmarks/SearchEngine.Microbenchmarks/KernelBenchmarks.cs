using BenchmarkDotNet.Attributes;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Microbenchmarks;

/// <summary>Four rows a call, rows in the first caches: what each path costs when memory does not count. A native function
/// stays only while it beats its managed twin here.</summary>
public unsafe class KernelBenchmarks : IDisposable
{
    private static readonly uint[] Four = [0, 1, 2, 3];

    private AlignedBuffer<byte> _rows = null!;
    private AlignedBuffer<float> _query = null!;
    private AlignedBuffer<int> _results = null!;
    private AlignedBuffer<uint> _ordinals = null!;
    private AlignedBuffer<float> _signs = null!;
    private ByteDot.Kernel _bytes = null!;
    private FloatRows.Kernel _halves = null!;
    private Hadamard.Kernel _rotate = null!;
    private SignScores.Kernel _sign = null!;
    private AlignedBuffer<ulong> _planes = null!;
    private SignQuery _signQuery;

    [Params(128, 384, 768, 1536)]
    public int Dimension { get; set; }

    [ParamsSource(nameof(Paths))]
    public string Path { get; set; } = "";

    public static IEnumerable<string> Paths => ["managed", "native"];

    [GlobalSetup]
    public void Setup()
    {
        // Halves are the longest rows; records of 1 bit need whole lines.
        _rows = new AlignedBuffer<byte>(4 * 2 * Dimension);
        _query = new AlignedBuffer<float>(Dimension);
        _results = new AlignedBuffer<int>(8);
        _ordinals = new AlignedBuffer<uint>(4);
        // Signs of zero keep the values finite however often they are rotated.
        _signs = new AlignedBuffer<float>(Hadamard.Rounds * Dimension);
        Four.CopyTo(_ordinals.Span);
        // The paths come in ascending order, so the last of a side is its best.
        _bytes = ByteDot.Paths().Last(p => p.Name.StartsWith(Path, StringComparison.Ordinal)).Run;
        _halves = FloatRows.Paths(FloatElement.Half, FloatMeasure.Dot).Last(p => p.Name.StartsWith(Path, StringComparison.Ordinal)).Run;
        int words = (Dimension / 64 + 7) / 8 * 8;
        _planes = new AlignedBuffer<ulong>(4 * words);
        _signQuery = new SignQuery { Planes = _planes.Address, Words = (nuint)words, FactorOffset = (nuint)(Dimension / 8), InverseUnit = 1f };
        _sign = SignScores.Paths().Last(p => p.Name.StartsWith(Path, StringComparison.Ordinal)).Run;
        _rotate = Hadamard.Paths().Last(p => p.Name.StartsWith(Path, StringComparison.Ordinal)).Run;
    }

    [Benchmark]
    public void BytesFourRows() =>
        _bytes(_rows.Address, (nuint)Dimension, _ordinals.Address, (sbyte*)_query.Address, (nuint)Dimension, _results.Address);

    [Benchmark]
    public void HalvesFourRows() =>
        _halves(_rows.Address, 2 * (nuint)Dimension, _ordinals.Address, _query.Address, (nuint)Dimension, (float*)_results.Address);

    [Benchmark]
    public void SignsFourRows()
    {
        nuint stride = (nuint)(Dimension / 8 + 16 + 63) / 64 * 64;
        SignQuery query = _signQuery;
        _sign(_rows.Address, stride, _ordinals.Address, &query, _results.Address, _results.Address + 4);
    }

    [Benchmark]
    public void Rotation()
    {
        int block = 1;
        while (block * 2 <= Dimension)
        {
            block *= 2;
        }
        _rotate(_query.Address, _signs.Address, (nuint)Dimension, (nuint)block);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _rows.Dispose();
        _query.Dispose();
        _results.Dispose();
        _ordinals.Dispose();
        _signs.Dispose();
        _planes.Dispose();
        GC.SuppressFinalize(this);
    }
}
