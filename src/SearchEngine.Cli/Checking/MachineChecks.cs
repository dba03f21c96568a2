using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using SearchEngine.Cli.Demo;
using SearchEngine.Models.Onnx;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Cli.Checking;

/// <summary>The machine and what lies beside the executable.</summary>
internal static class MachineChecks
{
    public static IEnumerable<Finding> All() => [Machine(), Cpu(), Kernels(), Onnx(), Models(), Corpus()];

    private static Finding Machine() => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64
        ? new Finding("machine", FindingState.Ok, $"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors, {RuntimeInformation.FrameworkDescription}")
        : new Finding("machine", FindingState.Less, $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}", "Linux on x86-64 is what is tested.");

    private static Finding Cpu()
    {
        (string Name, bool Is)[] features =
        [
            ("AVX2", Avx2.IsSupported), ("FMA", Fma.IsSupported), ("AVX-VNNI", AvxVnni.IsSupported), ("AVX-512F", Avx512F.IsSupported), ("AVX-512BW", Avx512BW.IsSupported), ("AVX-512VBMI", Avx512Vbmi.IsSupported),
        ];
        string found = string.Join(", ", features.Where(feature => feature.Is).Select(feature => feature.Name));
        return Avx2.IsSupported
            ? new Finding("CPU", FindingState.Ok, found)
            : new Finding("CPU", FindingState.Less, found.Length > 0 ? found : "none of AVX2 and later", "Scalar kernels serve, many times slower. A processor of the last ten years has AVX2.");
    }

    private static Finding Kernels()
    {
        string kernels = KernelReport.Describe();
        return kernels.StartsWith("native", StringComparison.Ordinal)
            ? new Finding("kernels", FindingState.Ok, kernels)
            : new Finding("kernels", FindingState.Less, kernels, "Results are the same, searches slower. The build makes the native kernels where gcc and cmake are: bash .ci/setup, then build again (warning SE0001 says why not).");
    }

    private static Finding Onnx()
    {
        try
        {
            using var runtime = OnnxRuntime.Load();
            return new Finding("ONNX Runtime", FindingState.Ok, $"{runtime.Version}, {runtime.LibraryPath} ({runtime.LibrarySource}); providers: {string.Join(", ", runtime.AvailableProviders)}");
        }
        catch (OnnxLibraryException missing)
        {
            return new Finding("ONNX Runtime", FindingState.Fails, missing.Message, "Needed by encode, demo and train, not by serve. The build fetches it where npm is: bash .ci/setup, then build again; or set ONNXRUNTIME_PATH.");
        }
    }

    private static Finding Models() => DemoModels.Bundled() is { } bundled
        ? new Finding("default models", FindingState.Ok, Path.GetDirectoryName(bundled.Encoder)!)
        : new Finding("default models", FindingState.Less, "none beside the executable", "`searchengine demo` trains its own; `searchengine train` makes some of your texts.");

    private static Finding Corpus()
    {
        try
        {
            var files = new DemoFiles();
            return new Finding("demo corpus", FindingState.Ok, $"{files.Passages.Count} passages, {files.Questions.Count} questions");
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return new Finding("demo corpus", FindingState.Fails, missing.Message, "Build or publish again; it lies beside the executable, in Demo/data.");
        }
    }
}
