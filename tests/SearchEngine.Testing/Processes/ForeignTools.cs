namespace SearchEngine.Testing.Processes;

/// <summary>Finds, and where needed builds, the programs below tests/Clients. Each language is prepared once for all tests.</summary>
public static class ForeignTools
{
    // Set by whoever has installed the tools and wants to know that they were really used.
    private const string RequiredVariable = "REQUIRE_FOREIGN_CLIENTS";

    private static readonly TimeSpan QuickCheck = TimeSpan.FromSeconds(30);

    // Cold builds take 65 s (C++) and 22 s (Java) of processor time (2026-11-26); a busy machine may take several times that.
    private static readonly TimeSpan ColdBuild = TimeSpan.FromMinutes(8);

    private static readonly Lazy<Task<ForeignCommand>> Python = new(FindPythonAsync);
    private static readonly Lazy<Task<ForeignCommand>> Node = new(FindNodeAsync);
    private static readonly Lazy<Task<ForeignCommand>> Cpp = new(static () => BuildAsync("cpp", static folder => new ForeignCommand(folder, [])));
    private static readonly Lazy<Task<ForeignCommand>> Java = new(static () => BuildAsync("java", static path => new ForeignCommand("java", ["-cp", path])));

    /// <summary>Skips the test when a tool is missing; fails it where REQUIRE_FOREIGN_CLIENTS=1 says that none may be.</summary>
    public static void Require(string? missing)
    {
        if (missing is null) return;
        if (Environment.GetEnvironmentVariable(RequiredVariable) == "1") throw new InvalidOperationException($"{RequiredVariable} is set, but {missing}");
        throw new SkippedException(missing);
    }

    /// <param name="language">python, node, cpp, java or csharp.</param>
    /// <param name="program">Its file without the extension, as in "interop_client"; of Java the class.</param>
    public static async Task<ForeignCommand> ProgramAsync(string language, string program) => language switch
    {
        "python" => With(await Python.Value, Path.Combine(ChildProcess.Clients, "python", program + ".py")),
        "node" => With(await Node.Value, Path.Combine(ChildProcess.Clients, "node", program + ".js")),
        "cpp" => InFolder(await Cpp.Value, program),
        "java" => With(await Java.Value, program),
        // In the output of a test project that refers to it.
        "csharp" => new ForeignCommand("dotnet", [Path.Combine(AppContext.BaseDirectory, program + ".dll")]),
        _ => throw new ArgumentOutOfRangeException(nameof(language), language, "No such language."),
    };

    private static ForeignCommand With(ForeignCommand runtime, string program) =>
        runtime.Missing is null ? runtime with { Arguments = [.. runtime.Arguments, program] } : runtime;

    private static ForeignCommand InFolder(ForeignCommand built, string name) =>
        built.Missing is null ? built with { Program = Path.Combine(built.Program, name) } : built;

    private static async Task<ForeignCommand> FindPythonAsync()
    {
        const string Apt = "apt-get install -y python3-grpcio python3-protobuf protobuf-compiler protobuf-compiler-grpc libprotobuf-dev";
        foreach (string tool in (string[])["protoc", "grpc_python_plugin"])
        {
            if (await ChildProcess.RunAsync("sh", ["-c", $"command -v {tool}"], QuickCheck) is not { ExitCode: 0 })
            {
                return ForeignCommand.Unavailable($"{tool} is missing: {Apt}");
            }
        }
        // Debian's packages belong to Debian's python, which another python on the path may hide.
        foreach (string python in (string[])["/usr/bin/python3", "python3"])
        {
            ProcessOutput? tried = await ChildProcess.RunAsync(python, ["-c", "import grpc, google.protobuf"], QuickCheck);
            if (tried is { ExitCode: 0 }) return new ForeignCommand(python, []);
        }
        return ForeignCommand.Unavailable($"python3 with grpcio is missing: {Apt}");
    }

    private static async Task<ForeignCommand> FindNodeAsync()
    {
        if (await ChildProcess.RunAsync("node", ["--version"], QuickCheck) is not { ExitCode: 0 })
        {
            return ForeignCommand.Unavailable("node is missing: apt-get install -y nodejs npm");
        }
        return Directory.Exists(Path.Combine(ChildProcess.Clients, "node", "node_modules", "@grpc", "grpc-js"))
            ? new ForeignCommand("node", [])
            : ForeignCommand.Unavailable("@grpc/grpc-js is missing: (cd tests/Clients/node && npm ci)");
    }

    /// <summary>Runs the build script of the language and makes a command of the line that it prints.</summary>
    private static async Task<ForeignCommand> BuildAsync(string language, Func<string, ForeignCommand> command)
    {
        ProcessOutput? built = await ChildProcess.RunAsync("sh", [Path.Combine(ChildProcess.Clients, language, "build.sh")], ColdBuild);
        return built switch
        {
            null => ForeignCommand.Unavailable($"sh is missing, which builds the {language} client"),
            { ExitCode: 0 } => command(built.Output.Trim()),
            // The script's own word for "a tool is missing", with the apt line.
            { ExitCode: 3 } => ForeignCommand.Unavailable(built.Errors.Trim()),
            _ => throw new InvalidOperationException($"The {language} client does not build:\n{built.Both}"),
        };
    }
}
