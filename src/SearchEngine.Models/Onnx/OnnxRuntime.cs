using SearchEngine.Models.Onnx.Interop;
using SearchEngine.Models.Onnx.Loading;

namespace SearchEngine.Models.Onnx;

/// <summary>
/// ONNX Runtime in this process: the library that was found, and its environment. One serves all models; safe for any number of
/// threads. Sessions and tensors keep what they need of it alive, so the order of disposal does not matter.
/// </summary>
public sealed class OnnxRuntime : IDisposable
{
    private readonly OrtHandle _environment;
    private readonly OrtHandle _memoryInfo;
    private bool _disposed;

    private OnnxRuntime(OrtApi api, string source, OnnxRuntimeOptions options)
    {
        Api = api;
        LibrarySource = source;
        _environment = new OrtHandle(api, OrtKind.Environment, OrtSessions.Environment(api, options.LogLevel));
        _memoryInfo = new OrtHandle(api, OrtKind.MemoryInfo, OrtSessions.CpuMemoryInfo(api));
        BuildInfo = api.ConstantText(OrtSlot.GetBuildInfoString);
        AvailableProviders = OrtSessions.AvailableProviders(api);
    }

    /// <summary>The library's full path.</summary>
    public string LibraryPath => Api.Path;

    /// <summary>Why this library: an option, an environment variable, or its place beside the application.</summary>
    public string LibrarySource { get; }

    /// <summary>The library's release, such as 1.30.0.</summary>
    public string Version => Api.LibraryVersion;

    /// <summary>The version of the function table that both sides know.</summary>
    public int ApiVersion => (int)Api.Version;

    public string BuildInfo { get; }

    /// <summary>Providers compiled into the library, by its own names. Compiled in is not usable: a session's report tells.</summary>
    public IReadOnlyList<string> AvailableProviders { get; }

    internal OrtApi Api { get; }

    internal OrtHandle Environment => _environment;

    internal OrtHandle MemoryInfo => _memoryInfo;

    /// <summary>Finds and loads the library (once per process and path) and opens its environment.</summary>
    /// <exception cref="OnnxLibraryException">None was found, or it does not serve: the message says what to do.</exception>
    public static OnnxRuntime Load(OnnxRuntimeOptions? options = null)
    {
        options ??= new OnnxRuntimeOptions();
        var variable = System.Environment.GetEnvironmentVariable(OnnxRuntimeOptions.PathVariable);
        var (path, source) = LibraryFinder.Find(options, variable, AppContext.BaseDirectory);
        return new OnnxRuntime(OrtLibrary.Load(path), source, options);
    }

    /// <summary>Opens a model file; weight files that it names must lie in its folder.</summary>
    /// <exception cref="OnnxModelException">The model is refused, by the limits or by ONNX Runtime.</exception>
    public OnnxSession OpenSession(string path, OnnxSessionOptions? options = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        options ??= OnnxSessionOptions.Default;
        options.Validate();
        ModelGate.CheckFile(path, options.Limits);
        return SessionOpener.Open(this, options, path, o =>
            OrtSessions.FromFile(Api, _environment.DangerousGetHandle(), path, o));
    }

    /// <summary>Opens a model from memory; the bytes are not needed afterwards.</summary>
    /// <exception cref="OnnxModelException">The model is refused, by the limits or by ONNX Runtime.</exception>
    public OnnxSession OpenSession(byte[] model, OnnxSessionOptions? options = null)
    {
        const string Name = "from memory";
        ObjectDisposedException.ThrowIf(_disposed, this);
        options ??= OnnxSessionOptions.Default;
        options.Validate();
        ModelGate.CheckBytes(model, Name, options.Limits);
        return SessionOpener.Open(this, options, Name, o =>
            OrtSessions.FromBytes(Api, _environment.DangerousGetHandle(), model, o));
    }

    /// <summary>A tensor with memory of its own for up to <paramref name="capacity"/> elements, zeroed, shaped [0].</summary>
    public OnnxTensor CreateTensor<T>(long capacity)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return OnnxTensor.Allocate<T>(this, capacity);
    }

    /// <summary>A tensor over the caller's memory, which stays pinned until the tensor is disposed; shaped [0].</summary>
    public OnnxTensor WrapTensor<T>(Memory<T> memory)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return OnnxTensor.Wrap(this, memory);
    }

    public void Dispose()
    {
        _disposed = true;
        _memoryInfo.Dispose();
        _environment.Dispose();
    }
}
