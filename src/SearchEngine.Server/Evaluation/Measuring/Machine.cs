using SearchEngine.Collections;
using SearchEngine.Server.Calls;

namespace SearchEngine.Server.Evaluation.Measuring;

/// <summary>The machine that measured: figures of two machines are not to be compared.</summary>
internal static class Machine
{
    private const string ProcessorInformation = "/proc/cpuinfo";
    private const string ModelName = "model name";

    public static Wire.MachineDescription Describe() => new()
    {
        Processor = Processor(),
        Processors = (uint)Environment.ProcessorCount,
        MemoryBytes = (ulong)GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        Kernels = EngineReport.Kernels,
        ServerVersion = ServerState.Version,
    };

    private static string Processor() => !File.Exists(ProcessorInformation)
        ? ""
        : File.ReadLines(ProcessorInformation).FirstOrDefault(static line => line.StartsWith(ModelName, StringComparison.Ordinal))?.Split(':', 2)[^1].Trim() ?? "";
}
