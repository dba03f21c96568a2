using System.Runtime.InteropServices;

namespace SearchEngine.Vectors.Kernels;

/// <summary>Scratch at a stable 64-byte aligned address, with a spare line behind its end. One owner, one thread at a time.</summary>
internal sealed unsafe class AlignedBuffer<T> : IDisposable
    where T : unmanaged
{
    private T* _address;

    public AlignedBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        nuint bytes = (nuint)length * (nuint)sizeof(T) + 64;
        _address = (T*)NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(_address, bytes);
    }

    ~AlignedBuffer() => Free();

    public int Length { get; }

    public Span<T> Span => new(_address, Length);

    /// <summary>For kernel calls only.</summary>
    internal T* Address => _address;

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_address);
        _address = null;
    }
}
