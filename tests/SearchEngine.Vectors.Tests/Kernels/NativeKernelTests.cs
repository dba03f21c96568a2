using System.Diagnostics;
using SearchEngine.Vectors.Kernels;
using Xunit;

namespace SearchEngine.Vectors.Tests.Kernels;

public sealed class NativeKernelTests
{
    [Fact]
    public async Task TheNativeTestProgramFindsNoDifference()
    {
        string program = Path.Combine(AppContext.BaseDirectory, "kernels_test");
        if (!File.Exists(program))
        {
            Assert.Skip("No C compiler was found when this was built, so there is no kernels_test; the managed kernels serve.");
        }
        using Process process = Process.Start(new ProcessStartInfo(program) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, "native/kernels_test.c: " + output);
    }

    [Fact]
    public void TheReportNamesTheSideThatServes()
    {
        string report = KernelReport.Describe();
        bool off = string.Equals(Environment.GetEnvironmentVariable("SEARCHENGINE_NATIVE"), "off", StringComparison.OrdinalIgnoreCase);
        Assert.True(!off || report.StartsWith("managed", StringComparison.Ordinal), $"SEARCHENGINE_NATIVE=off, yet the kernels are {report}");
        Assert.Equal(NativeKernels.IsLoaded, report.StartsWith("native", StringComparison.Ordinal));
    }
}
