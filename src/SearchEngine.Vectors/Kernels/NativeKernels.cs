using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace SearchEngine.Vectors.Kernels;

[Flags]
internal enum CpuFeatures : uint
{
    None = 0,
    Avx2 = 1,
    AvxVnni = 2,
    Avx512 = 4,
    Avx512Vnni = 8,
    Avx512Popcount = 16,
}

/// <summary>
/// The only binding to libsearchengine_kernels. A missing library or SEARCHENGINE_NATIVE=off leaves every export at
/// zero and the managed kernels serve. Instruction sets that the runtime was told not to use
/// (DOTNET_EnableAVX512=0, DOTNET_EnableAVX2=0) are not used here either.
/// </summary>
internal static class NativeKernels
{
    private const string Library = "libsearchengine_kernels.so";

    private static readonly nint Handle = Load();

    /// <summary>What both the processor and the settings of the process allow.</summary>
    public static readonly CpuFeatures Features = Detect();

    public static bool IsLoaded => Handle != 0;

    /// <summary>Address of <paramref name="name"/>, or 0 when it needs a feature that is not there.</summary>
    public static nint Find(string name, CpuFeatures needs) =>
        Handle != 0 && (Features & needs) == needs && NativeLibrary.TryGetExport(Handle, name, out nint address) ? address : 0;

    /// <summary>The first export that this machine can run, in order of preference.</summary>
    public static nint FindFirst(params ReadOnlySpan<(string Name, CpuFeatures Needs)> choices)
    {
        foreach (var (name, needs) in choices)
        {
            if (Find(name, needs) is not 0 and nint address)
            {
                return address;
            }
        }
        return 0;
    }

    private static nint Load()
    {
        string? setting = Environment.GetEnvironmentVariable("SEARCHENGINE_NATIVE");
        if (string.Equals(setting, "off", StringComparison.OrdinalIgnoreCase) || !OperatingSystem.IsLinux())
        {
            return 0;
        }
        string path = Path.Combine(AppContext.BaseDirectory, Library);
        return NativeLibrary.TryLoad(path, out nint handle)
            || NativeLibrary.TryLoad(Library, Assembly.GetExecutingAssembly(), null, out handle) ? handle : 0;
    }

    private static unsafe CpuFeatures Detect()
    {
        if (Handle == 0 || !NativeLibrary.TryGetExport(Handle, "se_cpu_features", out nint address))
        {
            return CpuFeatures.None;
        }
        var features = (CpuFeatures)((delegate* unmanaged[Cdecl]<uint>)address)();
        if (!Avx512F.IsSupported)
        {
            features &= ~(CpuFeatures.Avx512 | CpuFeatures.Avx512Vnni | CpuFeatures.Avx512Popcount);
        }
        return Avx2.IsSupported ? features : CpuFeatures.None;
    }
}
