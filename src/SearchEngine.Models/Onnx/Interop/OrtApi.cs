using System.Runtime.InteropServices;
using System.Text;

namespace SearchEngine.Models.Onnx.Interop;

/// <summary>
/// The function table of one loaded library. Most functions share a few shapes, so a call names a slot and the method gives the
/// shape; calls of any other shape stand in the files beside this one. A status that is not null becomes an exception.
/// </summary>
internal sealed unsafe class OrtApi(string path, string release, uint version, nint* table)
{
    public string Path { get; } = path;

    /// <summary>The library's own version, such as 1.30.0.</summary>
    public string LibraryVersion { get; } = release;

    /// <summary>The version of the table that both sides know.</summary>
    public uint Version { get; } = version;

    public nint this[OrtSlot slot] => table[(int)slot];

    /// <summary>Throws what a status says and frees it; null is success.</summary>
    public void Check(nint status)
    {
        if (status == 0)
            return;
        var code = (OnnxErrorCode)((delegate* unmanaged<nint, int>)this[OrtSlot.GetErrorCode])(status);
        var text = Text(((delegate* unmanaged<nint, nint>)this[OrtSlot.GetErrorMessage])(status)).Trim();
        ((delegate* unmanaged<nint, void>)this[OrtSlot.ReleaseStatus])(status);
        throw new OnnxException(code, text);
    }

    public void Release(OrtKind kind, nint pointer) => ((delegate* unmanaged<nint, void>)this[ReleaseSlot(kind)])(pointer);

    public nint Make(OrtSlot slot)
    {
        nint made;
        Check(((delegate* unmanaged<nint*, nint>)this[slot])(&made));
        return made;
    }

    public nint Make(OrtSlot slot, nint subject)
    {
        nint made;
        Check(((delegate* unmanaged<nint, nint*, nint>)this[slot])(subject, &made));
        return made;
    }

    public nint Make(OrtSlot slot, nint subject, int index)
    {
        nint made;
        Check(((delegate* unmanaged<nint, nuint, nint*, nint>)this[slot])(subject, (nuint)index, &made));
        return made;
    }

    public void Call(OrtSlot slot, nint subject) => Check(((delegate* unmanaged<nint, nint>)this[slot])(subject));

    public void Call(OrtSlot slot, nint subject, int value) =>
        Check(((delegate* unmanaged<nint, int, nint>)this[slot])(subject, value));

    public void Call(OrtSlot slot, nint subject, nint other) =>
        Check(((delegate* unmanaged<nint, nint, nint>)this[slot])(subject, other));

    public void Call(OrtSlot slot, nint subject, nint second, nint third) =>
        Check(((delegate* unmanaged<nint, nint, nint, nint>)this[slot])(subject, second, third));

    /// <param name="slot">The function.</param>
    /// <param name="subject">Its first argument.</param>
    /// <param name="key">A text that ends with a zero, as <see cref="Utf8"/> makes it.</param>
    /// <param name="value">Its third argument.</param>
    public void Call(OrtSlot slot, nint subject, byte[] key, nint value)
    {
        fixed (byte* k = key)
            Call(slot, subject, (nint)k, value);
    }

    public void Call(OrtSlot slot, nint subject, string key, string value)
    {
        fixed (byte* v = Utf8(value))
            Call(slot, subject, Utf8(key), (nint)v);
    }

    public long Number(OrtSlot slot, nint subject)
    {
        long number;
        Check(((delegate* unmanaged<nint, long*, nint>)this[slot])(subject, &number));
        return number;
    }

    /// <summary>A text that the library keeps; for functions that return it without a status.</summary>
    public string ConstantText(OrtSlot slot) => Text(((delegate* unmanaged<nint>)this[slot])());

    public static string Text(nint utf8) => Marshal.PtrToStringUTF8(utf8) ?? "";

    /// <summary>The bytes of a text with the zero that ends it for C.</summary>
    public static byte[] Utf8(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A name or value for ONNX Runtime must not contain a zero character.", nameof(text));
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    private static OrtSlot ReleaseSlot(OrtKind kind) => kind switch
    {
        OrtKind.Environment => OrtSlot.ReleaseEnv,
        OrtKind.MemoryInfo => OrtSlot.ReleaseMemoryInfo,
        OrtKind.SessionOptions => OrtSlot.ReleaseSessionOptions,
        OrtKind.Session => OrtSlot.ReleaseSession,
        OrtKind.RunOptions => OrtSlot.ReleaseRunOptions,
        OrtKind.Value => OrtSlot.ReleaseValue,
        OrtKind.TypeInfo => OrtSlot.ReleaseTypeInfo,
        OrtKind.ShapeInfo => OrtSlot.ReleaseTensorTypeAndShapeInfo,
        OrtKind.Metadata => OrtSlot.ReleaseModelMetadata,
        OrtKind.CudaOptions => OrtSlot.ReleaseCudaProviderOptions,
        OrtKind.IoBinding => OrtSlot.ReleaseIoBinding,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No release function is known for this kind."),
    };
}
