using System.Runtime.InteropServices;

namespace SearchEngine.Models.Onnx.Interop;

/// <summary>Memory of a tensor: allocated here, or a pinned array of the caller. Zeroed when it is allocated.</summary>
internal sealed unsafe class OrtMemory : SafeHandle
{
    /// <summary>Cache line and widest vector register.</summary>
    private const nuint AlignmentBytes = 64;

    private Action? _unpin;

    private OrtMemory(nint address)
        : base(0, ownsHandle: true) => SetHandle(address);

    public override bool IsInvalid => handle == 0;

    public nint Address => handle;

    public static OrtMemory Allocate(long bytes)
    {
        // At least one line, so that an empty tensor has an address too.
        var size = nuint.Max((nuint)bytes, AlignmentBytes);
        var block = NativeMemory.AlignedAlloc(size, AlignmentBytes);
        NativeMemory.Clear(block, size);
        return new OrtMemory((nint)block);
    }

    public static OrtMemory Pin<T>(Memory<T> memory)
        where T : unmanaged
    {
        var pin = memory.Pin();
        return new OrtMemory((nint)pin.Pointer) { _unpin = pin.Dispose };
    }

    /// <summary>Bounds are the caller's: the element count must have been checked against what stands at the address.</summary>
    public static Span<T> Span<T>(nint address, int length)
        where T : unmanaged =>
        length == 0 ? [] : new Span<T>((void*)address, length);

    protected override bool ReleaseHandle()
    {
        if (_unpin != null)
            _unpin();
        else
            NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
