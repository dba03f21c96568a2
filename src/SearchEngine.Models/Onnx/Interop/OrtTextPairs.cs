using System.Runtime.InteropServices;

namespace SearchEngine.Models.Onnx.Interop;

/// <summary>Two parallel arrays of C texts for the length of one call.</summary>
internal sealed class OrtTextPairs : IDisposable
{
    public OrtTextPairs(IReadOnlyDictionary<string, string> entries)
    {
        Keys = [.. entries.Keys.Select(Marshal.StringToCoTaskMemUTF8)];
        Values = [.. entries.Values.Select(Marshal.StringToCoTaskMemUTF8)];
    }

    public nint[] Keys { get; }

    public nint[] Values { get; }

    public int Count => Keys.Length;

    public void Dispose()
    {
        foreach (var text in Keys.Concat(Values))
            Marshal.FreeCoTaskMem(text);
    }
}
