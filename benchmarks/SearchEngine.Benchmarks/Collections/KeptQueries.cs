using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SearchEngine.Benchmarks.Collections;

/// <summary>Queries in a file, one held at a time: what measures a process's memory should take little of it.</summary>
internal sealed class KeptQueries(SafeFileHandle file, int dimension)
{
    private readonly float[] _query = new float[dimension];
    private readonly long _count = RandomAccess.GetLength(file) / (sizeof(float) * dimension);

    /// <summary>The vector of the first document. Valid until the next one is asked for, as all of them.</summary>
    public ReadOnlyMemory<float> First() => Read(0);

    public ReadOnlyMemory<float> Query(int number) => Read(1 + number % (_count - 1));

    private ReadOnlyMemory<float> Read(long at)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(_query.AsSpan());
        int read = RandomAccess.Read(file, bytes, at * bytes.Length);
        return read == bytes.Length ? _query : throw new InvalidDataException($"Query {at} of {_count}: {read} bytes.");
    }
}
