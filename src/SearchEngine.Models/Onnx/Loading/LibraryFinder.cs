using System.Runtime.InteropServices;

namespace SearchEngine.Models.Onnx.Loading;

/// <summary>
/// Where ONNX Runtime's library is looked for: the path of the options, the environment variable, then beside the application,
/// where the build puts the one from npm or NuGet. A named path is the only place: silently using another library than the one
/// that was asked for would be a lie.
/// </summary>
internal static class LibraryFinder
{
    private static readonly string[] FileNames = OperatingSystem.IsWindows()
        ? ["onnxruntime.dll"]
        : OperatingSystem.IsMacOS()
            ? ["libonnxruntime.1.dylib", "libonnxruntime.dylib"]
            : ["libonnxruntime.so.1", "libonnxruntime.so"];

    /// <summary>The full path of the library and why it was chosen.</summary>
    /// <exception cref="OnnxLibraryException">Nothing stands in any of the places.</exception>
    public static (string Path, string Source) Find(OnnxRuntimeOptions options, string? variable, string applicationFolder)
    {
        var attempts = new List<OnnxLibraryAttempt>();
        var found = string.IsNullOrEmpty(options.LibraryPath)
            ? string.IsNullOrEmpty(variable)
                ? Beside(applicationFolder, attempts)
                : At(variable, OnnxRuntimeOptions.PathVariable, attempts)
            : At(options.LibraryPath, "the option", attempts);
        return found ?? throw OnnxLibraryException.NotFound(attempts);
    }

    private static (string, string)? Beside(string folder, List<OnnxLibraryAttempt> attempts)
    {
        const string Source = "beside the application";
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        // NuGet's native assets stand in a folder per system until an application is published for one.
        var platform = $"{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        return At(Path.Combine(folder, "runtimes", platform, "native"), Source, attempts) ?? At(folder, Source, attempts);
    }

    private static (string, string)? At(string path, string source, List<OnnxLibraryAttempt> attempts)
    {
        string[] candidates = Directory.Exists(path) ? [.. FileNames.Select(name => Path.Combine(path, name))] : [path];
        foreach (var candidate in candidates)
        {
            if (File.Exists(candidate))
                return (Path.GetFullPath(candidate), source);
            attempts.Add(new OnnxLibraryAttempt(source, candidate, "no such file"));
        }
        return null;
    }
}
