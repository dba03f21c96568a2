using System.Buffers;
using System.Runtime.InteropServices;

namespace SearchEngine.Server.Contract;

/// <summary>Little-endian float32 bytes as floats, without a copy: valid as long as the bytes are, which for a request is its call.</summary>
internal sealed class FloatsInPlace(ReadOnlyMemory<byte> bytes) : MemoryManager<float>
{
    public override Span<float> GetSpan() => MemoryMarshal.Cast<byte, float>(MemoryMarshal.AsMemory(bytes).Span);

    public override MemoryHandle Pin(int elementIndex = 0) => bytes[(elementIndex * sizeof(float))..].Pin();

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
