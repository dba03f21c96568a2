using System.Runtime.InteropServices;

namespace SearchEngine.Models.Onnx.Interop;

/// <summary>
/// Memory of a tensor: allocated here and zeroed, or pinned memory of the caller. It keeps the description of its place alive,
/// without which no value can be made over it.
/// </summary>
internal sealed unsafe class OrtMemory : SafeHandle
{
    /// <summary>Cache line and widest vector register.</summary>
    private const nuint AlignmentBytes = 64;

    private readonly OrtHandle _place;
    private Action? _unpin;

    private OrtMemory(OrtHandle place)
        : base(0, ownsHandle: true)
    {
        var added = false;
        place.DangerousAddRef(ref added);
        _place = place;
    }

    /// <summary>Never: memory that could not be had still holds its place.</summary>
    public override bool IsInvalid => false;

    public nint Address => handle;

    public nint Place => _place.DangerousGetHandle();

    public static OrtMemory Allocate(OrtHandle place, long bytes)
    {
        var memory = new OrtMemory(place);
        // At least one line, so that an empty tensor has an address too.
        var size = nuint.Max((nuint)bytes, AlignmentBytes);
        var block = NativeMemory.AlignedAlloc(size, AlignmentBytes);
        NativeMemory.Clear(block, size);
        memory.SetHandle((nint)block);
        return memory;
    }

    public static OrtMemory Pin<T>(OrtHandle place, Memory<T> memory)
        where T : unmanaged
    {
        var pinned = new OrtMemory(place);
        var pin = memory.Pin();
        pinned._unpin = pin.Dispose;
        pinned.SetHandle((nint)pin.Pointer);
        return pinned;
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
        _place.DangerousRelease();
        return true;
    }
}
