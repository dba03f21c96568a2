using System.Diagnostics;
using System.Security.Cryptography;

namespace SearchEngine.Benchmarks.Vectors;

/// <summary>Compiles the peer programs into a work directory, once per version of their source.</summary>
internal sealed class PeerPrograms(DirectoryInfo work)
{
    private static readonly string Sources = Path.Combine(AppContext.BaseDirectory, "peers");

    public string Build(string program)
    {
        work.Create();
        string version = Convert.ToHexStringLower(SHA256.HashData(
            [.. File.ReadAllBytes(Path.Combine(Sources, program + ".cpp")), .. File.ReadAllBytes(Path.Combine(Sources, "peer.hpp"))]))[..12];
        string binary = Path.Combine(work.FullName, $"{program}-{version}");
        if (File.Exists(binary))
        {
            return binary;
        }

        // The same flags for all: what a user who cares about speed would pass.
        string[] common = ["-O3", "-march=native", "-std=c++17", "-pthread", Path.Combine(Sources, program + ".cpp"), "-o", binary];
        string[] own = program switch
        {
            "hnswlib" => [],
            "faiss" => ["-fopenmp", "-lfaiss", "-lopenblas"],
            "usearch" => UsearchFlags(),
            _ => throw new ArgumentOutOfRangeException(nameof(program), program, "There is no such peer."),
        };
        Execute("g++", [.. common, .. own], $"{program} needs g++ and the packages named in benchmarks/README.md");
        return binary;
    }

    private string[] UsearchFlags()
    {
        string package = Path.Combine(work.FullName, "npm");
        Directory.CreateDirectory(package);
        foreach (string file in (string[])["package.json", "package-lock.json"])
        {
            File.Copy(Path.Combine(Sources, file), Path.Combine(package, file), overwrite: true);
        }

        Execute("npm", ["ci", "--ignore-scripts", "--prefix", package], "usearch comes from npm");
        string root = Path.Combine(package, "node_modules", "usearch");
        return
        [
            "-DUSEARCH_USE_SIMSIMD=1", "-DUSEARCH_USE_OPENMP=0", "-DUSEARCH_USE_FP16LIB=1", "-DSIMSIMD_NATIVE_F16=0",
            $"-I{root}/include", $"-I{root}/simsimd/include", $"-I{root}/fp16/include",
        ];
    }

    private static void Execute(string command, string[] arguments, string onFailure)
    {
        using Process process = Process.Start(new ProcessStartInfo(command, arguments))
            ?? throw new InvalidOperationException($"{command} did not start: {onFailure}.");
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command} ended with {process.ExitCode}: {onFailure}.");
        }
    }
}
