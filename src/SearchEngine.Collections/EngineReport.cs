using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Collections;

/// <summary>What the engine is on this machine.</summary>
public static class EngineReport
{
    /// <summary>The vector kernels in use.</summary>
    public static string Kernels => KernelReport.Describe();
}
