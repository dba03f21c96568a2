using SearchEngine.Models.Onnx.Interop;

namespace SearchEngine.Models.Onnx.Loading;

/// <summary>Turns options into the native options of a session.</summary>
internal static class SessionSetup
{
    public const string NoCpuFallback = "session.disable_cpu_ep_fallback";

    private const string RecordAssignment = "session.record_ep_graph_assignment_info";

    public static OrtHandle Create(OrtApi api, OnnxSessionOptions options)
    {
        var handle = new OrtHandle(api, OrtKind.SessionOptions, api.Make(OrtSlot.CreateSessionOptions));
        try
        {
            Fill(api, handle.DangerousGetHandle(), options);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static void Fill(OrtApi api, nint native, OnnxSessionOptions options)
    {
        api.Call(OrtSlot.SetIntraOpNumThreads, native, options.IntraOpThreads);
        api.Call(OrtSlot.SetInterOpNumThreads, native, options.InterOpThreads);
        api.Call(OrtSlot.SetSessionExecutionMode, native, (int)options.ExecutionMode);
        api.Call(OrtSlot.SetSessionGraphOptimizationLevel, native, (int)options.Optimization);
        api.Call(OrtSlot.SetDeterministicCompute, native, options.Deterministic ? 1 : 0);
        api.Call(options.MemoryArena ? OrtSlot.EnableCpuMemArena : OrtSlot.DisableCpuMemArena, native);
        api.Call(options.MemoryPattern ? OrtSlot.EnableMemPattern : OrtSlot.DisableMemPattern, native);
        var spinning = options.Spinning ? "1" : "0";
        var entries = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["session.intra_op.allow_spinning"] = spinning,
            ["session.inter_op.allow_spinning"] = spinning,
            [RecordAssignment] = "1",
        };
        foreach (var (key, value) in options.Entries)
            entries[key] = value;
        foreach (var (key, value) in entries)
            api.Call(OrtSlot.AddSessionConfigEntry, native, key, value);
    }
}
