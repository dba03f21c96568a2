using SearchEngine.Models.Onnx.Interop;

namespace SearchEngine.Models.Onnx.Loading;

/// <summary>Registers one provider, and knows without trying when it cannot work.</summary>
internal static class ProviderSetup
{
    /// <summary>ONNX Runtime's name for the CPU in an assignment.</summary>
    public const string CpuName = "CPUExecutionProvider";

    private const string WebGpuName = "WebGPU";

    private static readonly string[] CudaLibraries = OperatingSystem.IsWindows()
        ? ["onnxruntime_providers_shared.dll", "onnxruntime_providers_cuda.dll"]
        : ["libonnxruntime_providers_shared.so", "libonnxruntime_providers_cuda.so"];

    /// <summary>Why a provider cannot work here; null where only trying tells.</summary>
    public static string? Missing(OnnxRuntime runtime, OnnxProvider provider)
    {
        var (compiled, libraries) = provider.Name == OnnxProvider.Cuda.Name
            ? ("CUDAExecutionProvider", CudaLibraries)
            : ("WebGpuExecutionProvider", []);
        if (!runtime.AvailableProviders.Contains(compiled, StringComparer.Ordinal))
            return $"{compiled} is not compiled into {runtime.LibraryPath}";
        var folder = Path.GetDirectoryName(runtime.LibraryPath)!;
        var absent = libraries.Where(name => !File.Exists(Path.Combine(folder, name))).ToList();
        return absent.Count == 0
            ? null
            : $"{string.Join(" and ", absent)} not found in {folder}; build with -p:OnnxRuntimeGpu=true or point "
              + $"{OnnxRuntimeOptions.PathVariable} at a CUDA build";
    }

    public static void Append(OrtApi api, OrtHandle options, OnnxProvider provider)
    {
        var native = options.DangerousGetHandle();
        if (provider.Name == OnnxProvider.Cuda.Name)
            OrtSessions.AppendCuda(api, native, provider.Options);
        else if (provider.Name == OnnxProvider.WebGpu.Name)
            OrtSessions.AppendProvider(api, native, WebGpuName, WithLayout(provider.Options));
    }

    /// <summary>
    /// Models of text have nothing whose layout matters. 2026-11-26: with WebGPU's own default, NHWC, release 1.30 leaves all
    /// of its nodes out of the assignment that a session reports; with NCHW it reports them.
    /// </summary>
    private static Dictionary<string, string> WithLayout(IReadOnlyDictionary<string, string> options)
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal) { ["preferredLayout"] = "NCHW" };
        foreach (var (key, value) in options)
            entries[key] = value;
        return entries;
    }
}
