using SearchEngine.Models.Onnx;
using Xunit;

namespace SearchEngine.Models.Tests.Onnx;

/// <summary>
/// The library for tests: one runtime for all. Where none is found the test is skipped, unless REQUIRE_ONNXRUNTIME=1 says that
/// it must be there.
/// </summary>
internal static class SharedRuntime
{
    private static readonly Lazy<(OnnxRuntime? Runtime, OnnxLibraryException? Missing)> Loaded = new(() =>
    {
        try
        {
            return (OnnxRuntime.Load(), null);
        }
        catch (OnnxLibraryException e) when (Environment.GetEnvironmentVariable("REQUIRE_ONNXRUNTIME") != "1")
        {
            return (null, e);
        }
    });

    public static OnnxRuntime Get()
    {
        var (runtime, missing) = Loaded.Value;
        Assert.SkipWhen(runtime == null, missing?.Message ?? "");
        return runtime!;
    }
}
