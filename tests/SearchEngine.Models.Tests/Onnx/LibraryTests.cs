using System.Diagnostics;
using SearchEngine.Models.Onnx;
using SearchEngine.Models.Onnx.Loading;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Models.Tests.Onnx;

public sealed class LibraryTests
{
    [Fact]
    public void Loaded_library_tells_its_path_version_and_providers()
    {
        var runtime = SharedRuntime.Get();
        Assert.True(File.Exists(runtime.LibraryPath));
        Assert.InRange(runtime.ApiVersion, 17, 25);
        Assert.Contains("CPUExecutionProvider", runtime.AvailableProviders);
        Assert.StartsWith("1.", runtime.Version, StringComparison.Ordinal);
        Assert.NotEmpty(runtime.BuildInfo);
    }

    [Fact]
    public void A_named_path_without_a_library_is_an_error_and_no_other_library_serves()
    {
        var error = Assert.Throws<OnnxLibraryException>(
            () => OnnxRuntime.Load(new OnnxRuntimeOptions { LibraryPath = "/nowhere/libonnxruntime.so" }));
        Assert.Equal(OnnxLibraryFault.NotFound, error.Fault);
        var attempt = Assert.Single(error.Attempts);
        Assert.Equal(("the option", "/nowhere/libonnxruntime.so"), (attempt.Source, attempt.Path));
        Assert.Contains(OnnxRuntimeOptions.PathVariable, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_option_wins_over_the_variable_and_the_variable_over_the_folder()
    {
        using var folder = new TempDirectory();
        string Library(string name)
        {
            Directory.CreateDirectory(folder.File(name));
            var path = Path.Combine(folder.File(name), "libonnxruntime.so.1");
            File.WriteAllText(path, "");
            return path;
        }
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The file name is that of Linux.");
        var (option, variable, beside) = (Library("option"), Library("variable"), Library("beside"));
        var none = new OnnxRuntimeOptions();
        var named = new OnnxRuntimeOptions { LibraryPath = folder.File("option") };
        Assert.Equal(option, LibraryFinder.Find(named, folder.File("variable"), folder.File("beside")).Path);
        Assert.Equal(variable, LibraryFinder.Find(none, variable, folder.File("beside")).Path);
        Assert.Equal(beside, LibraryFinder.Find(none, "", folder.File("beside")).Path);
        var error = Assert.Throws<OnnxLibraryException>(() => LibraryFinder.Find(none, null, folder.Path));
        Assert.True(error.Attempts.Count >= 3, "every file that was looked for is named");
    }

    [Fact]
    public void A_file_that_is_no_library_or_another_library_is_named_as_such()
    {
        using var folder = new TempDirectory();
        var garbage = folder.File("garbage.so");
        File.WriteAllText(garbage, "not a library");
        var system = Directory.GetFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "libSystem.Native.*");
        Assert.SkipWhen(system.Length == 0, "The runtime keeps its native library elsewhere here.");
        foreach (var path in new[] { garbage, system[0] })
        {
            var error = Assert.Throws<OnnxLibraryException>(() => OnnxRuntime.Load(new OnnxRuntimeOptions { LibraryPath = path }));
            Assert.Equal(OnnxLibraryFault.NotLoadable, error.Fault);
            Assert.Contains(path, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("1.16.3")]
    [InlineData("2.0.0")]
    [InlineData("nonsense")]
    public void A_release_from_before_the_needed_functions_is_refused_before_any_is_called(string release)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/cc"), "A C compiler makes the stand-in library.");
        using var folder = new TempDirectory();
        var source = folder.File("old.c");
        var library = folder.File("old.so");
        File.WriteAllText(source, $$"""
            static const void* api(unsigned v) { (void)v; return (const void*)8; }
            static const char* version(void) { return "{{release}}"; }
            static const struct { const void* (*get)(unsigned); const char* (*text)(void); } base = { api, version };
            __attribute__((visibility("default"))) const void* OrtGetApiBase(void) { return &base; }
            """);
        using var compiler = Process.Start("/usr/bin/cc", ["-shared", "-fPIC", "-o", library, source]);
        compiler.WaitForExit();
        Assert.Equal(0, compiler.ExitCode);
        var error = Assert.Throws<OnnxLibraryException>(() => OnnxRuntime.Load(new OnnxRuntimeOptions { LibraryPath = library }));
        Assert.Equal(OnnxLibraryFault.TooOld, error.Fault);
        Assert.Contains($"'{release}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Disposing_the_runtime_first_leaves_sessions_and_tensors_working()
    {
        SharedRuntime.Get();
        var runtime = OnnxRuntime.Load();
        using var session = runtime.OpenSession(SmallModels.Identity(OnnxElementType.Float, "n"));
        using var x = runtime.CreateTensor<float>(4);
        runtime.Dispose();
        x.Reshape(4);
        x.AsSpan<float>().Fill(3);
        using var run = session.CreateRun();
        run.SetInput(0, x);
        run.Execute(TestContext.Current.CancellationToken);
        Assert.Equal([3f, 3, 3, 3], run.Outputs[0].AsSpan<float>().ToArray());
        Assert.Throws<ObjectDisposedException>(() => runtime.OpenSession(SmallModels.Identity(OnnxElementType.Float, "n")));
        Assert.Throws<ObjectDisposedException>(() => runtime.CreateTensor<float>(1));
    }
}
