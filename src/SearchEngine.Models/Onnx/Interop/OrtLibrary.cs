using System.Globalization;
using System.Runtime.InteropServices;

namespace SearchEngine.Models.Onnx.Interop;

/// <summary>Loads a library once per process and agrees with it on a version of the function table.</summary>
internal static unsafe class OrtLibrary
{
    /// <summary>The oldest table with everything that is called unconditionally (deterministic compute came with 1.17).</summary>
    public const uint OldestVersion = 17;

    /// <summary>The newest table this code knows. Newer libraries serve it too.</summary>
    public const uint NewestVersion = 25;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, OrtApi> Loaded = new(StringComparer.Ordinal);

    /// <summary>
    /// A library is never unloaded: its worker threads and thread-local destructors may run until the process ends.
    /// </summary>
    /// <exception cref="OnnxLibraryException">The file is no usable ONNX Runtime.</exception>
    public static OrtApi Load(string path)
    {
        lock (Gate)
        {
            if (Loaded.TryGetValue(path, out var api))
                return api;
            return Loaded[path] = Open(path);
        }
    }

    private static OrtApi Open(string path)
    {
        nint library;
        try
        {
            library = NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw OnnxLibraryException.NotLoadable(path, e.Message, e);
        }
        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out var entry))
        {
            NativeLibrary.Free(library);
            throw OnnxLibraryException.NotLoadable(path, "it does not export OrtGetApiBase", inner: null);
        }
        // OrtApiBase is fixed for ever: two functions, the table of a version and the version's text.
        var functions = ((delegate* unmanaged<nint*>)entry)();
        var text = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)functions[1])()) ?? "";
        var offered = TableVersion(text);
        if (offered < OldestVersion)
            throw OnnxLibraryException.TooOld(path, text, OldestVersion);
        // Asking for more than the library has would print to standard error before it returns null.
        var version = Math.Min(offered, NewestVersion);
        var table = ((delegate* unmanaged<uint, nint*>)functions[0])(version);
        return table != null
            ? new OrtApi(path, text, version, table)
            : throw OnnxLibraryException.TooOld(path, text, OldestVersion);
    }

    /// <summary>The table's version is the middle number of the release: 1.30.0 serves tables 1 to 30.</summary>
    private static uint TableVersion(string release)
    {
        var parts = release.Split('.');
        return parts.Length >= 2 && parts[0] == "1" && uint.TryParse(parts[1], CultureInfo.InvariantCulture, out var minor)
            ? minor
            : 0;
    }
}
