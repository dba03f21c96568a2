using System.Runtime.InteropServices;

namespace SearchEngine.Models.Onnx.Interop;

/// <summary>
/// Owns one native object. It holds a reference to its <c>owner</c> (the environment of a session, the memory of a value) until
/// it is released itself, so the order in which callers dispose, or in which the finaliser runs, cannot free too early.
/// </summary>
internal sealed class OrtHandle : SafeHandle
{
    private static readonly int[] LiveByKind = new int[Enum.GetValues<OrtKind>().Length];

    private readonly OrtApi _api;
    private readonly OrtKind _kind;
    private readonly SafeHandle? _owner;

    public OrtHandle(OrtApi api, OrtKind kind, nint pointer, SafeHandle? owner = null)
        : base(0, ownsHandle: true)
    {
        _api = api;
        _kind = kind;
        var owned = false;
        owner?.DangerousAddRef(ref owned);
        _owner = owner;
        Replace(pointer);
    }

    /// <summary>Never: an empty handle still holds its owner, which only a release lets go.</summary>
    public override bool IsInvalid => false;

    /// <summary>Native objects alive in this process, of one kind: what the leak tests watch.</summary>
    public static int Live(OrtKind kind) => Volatile.Read(ref LiveByKind[(int)kind]);

    /// <summary>
    /// Releases the present object and owns another of the same kind; 0 leaves it empty. Only for the one who knows that no
    /// call is using the object.
    /// </summary>
    public void Replace(nint pointer)
    {
        ReleaseObject();
        SetHandle(pointer);
        if (pointer != 0)
            Interlocked.Increment(ref LiveByKind[(int)_kind]);
    }

    protected override bool ReleaseHandle()
    {
        ReleaseObject();
        _owner?.DangerousRelease();
        return true;
    }

    private void ReleaseObject()
    {
        if (handle == 0)
            return;
        _api.Release(_kind, handle);
        handle = 0;
        Interlocked.Decrement(ref LiveByKind[(int)_kind]);
    }
}
