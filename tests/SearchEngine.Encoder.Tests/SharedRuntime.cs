using SearchEngine.Models.Onnx;
using Xunit;

namespace SearchEngine.Encoder.Tests;

/// <summary>Whether ONNX Runtime's library is here: without it tests are skipped, unless REQUIRE_ONNXRUNTIME=1 says that it must be.</summary>
internal static class SharedRuntime
{
    private static readonly Lazy<(OnnxRuntime? Runtime, string Missing)> Loaded = new(() =>
    {
        try
        {
            return (OnnxRuntime.Load(), "");
        }
        catch (OnnxLibraryException missing) when (Environment.GetEnvironmentVariable("REQUIRE_ONNXRUNTIME") != "1")
        {
            return (null, missing.Message);
        }
    });

    public static OnnxRuntime Require()
    {
        Assert.SkipWhen(Loaded.Value.Runtime is null, Loaded.Value.Missing);
        return Loaded.Value.Runtime!;
    }
}
