using System.CommandLine;

namespace SearchEngine.Benchmarks.Vectors;

/// <summary><c>kernels</c>: nanoseconds per row by dimension, element and instruction set, rows in the first caches and at
/// random in memory, so that the price of a dimension can be read off before a model is chosen.</summary>
internal static class KernelsCommand
{
    private static readonly Option<FileInfo?> Json = new("--json")
    {
        Description = "Appends one JSON object per line to this file; without a file, prints them.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<int[]> Dimensions = new("--dims")
    {
        Description = "Dimensions to measure.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [64, 96, 128, 200, 256, 384, 512, 768, 1024, 1536, 2048, 3072],
    };

    public static Command Create()
    {
        var command = new Command("kernels", "Measures every kernel path: dimension x element x instruction set.") { Json, Dimensions };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        JsonLines? file = parsed.GetValue(Json) is FileInfo info ? new JsonLines(info) : null;
        foreach (int dimension in parsed.GetRequiredValue(Dimensions))
        {
            foreach (KernelLine line in KernelMeasurement.Measure(dimension))
            {
                if (file is null)
                {
                    Console.WriteLine(JsonLines.Format(line));
                }
                else
                {
                    file.Append(line);
                }
            }
        }
        return 0;
    }
}
