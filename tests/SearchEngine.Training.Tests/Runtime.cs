using SearchEngine.Models.Onnx;
using Xunit;

namespace SearchEngine.Training.Tests;

/// <summary>ONNX Runtime where it is at hand.</summary>
internal static class Runtime
{
    public static OnnxRuntime LoadOrSkip()
    {
        try
        {
            return OnnxRuntime.Load();
        }
        catch (OnnxLibraryException missing) when (Environment.GetEnvironmentVariable("REQUIRE_ONNXRUNTIME") != "1")
        {
            Assert.Skip(missing.Message);
            throw;
        }
    }
}
