using System.Runtime.Intrinsics.X86;

namespace SearchEngine.Vectors.Kernels;

/// <summary>Says which kernels this process runs; results are equal whichever they are.</summary>
public static class KernelReport
{
    public static string Describe()
    {
        if (NativeKernels.IsLoaded)
        {
            CpuFeatures features = NativeKernels.Features;
            string isa = features.HasFlag(CpuFeatures.Avx512Vnni) ? "avx512-vnni"
                : features.HasFlag(CpuFeatures.Avx512) ? "avx512"
                : features.HasFlag(CpuFeatures.AvxVnni) ? "avx2-vnni"
                : features.HasFlag(CpuFeatures.Avx2) ? "avx2" : "scalar";
            return "native " + isa;
        }
        return AvxVnni.IsSupported ? "managed avx2-vnni" : Avx2.IsSupported ? "managed avx2" : "managed scalar";
    }
}
