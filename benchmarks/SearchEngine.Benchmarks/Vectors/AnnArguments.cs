using System.CommandLine;

namespace SearchEngine.Benchmarks.Vectors;

/// <summary>The parsed options that <c>ann</c> and <c>peers</c> share.</summary>
internal sealed record AnnArguments(
    FileInfo Base, FileInfo Queries, FileInfo Truth, string Metric, int Links, int BuildBreadth, int BuildThreads, int[] Breadths,
    double[] Margins, int Threads, int K, int Passes, int? PrefixDim, FileInfo Json)
{
    private const int MinPasses = 3;

    public static void AddOptions(Command command)
    {
        foreach (Option option in (Option[])
        [
            AnnOptions.Base, AnnOptions.Queries, AnnOptions.Truth, AnnOptions.Metric, AnnOptions.Links, AnnOptions.BuildBreadth,
            AnnOptions.BuildThreads, AnnOptions.Breadths, AnnOptions.Margins, AnnOptions.Threads, AnnOptions.K, AnnOptions.Passes,
            AnnOptions.PrefixDim, AnnOptions.Json,
        ])
        {
            command.Options.Add(option);
        }
    }

    public static AnnArguments From(ParseResult parsed)
    {
        var arguments = new AnnArguments(
            parsed.GetRequiredValue(AnnOptions.Base), parsed.GetRequiredValue(AnnOptions.Queries),
            parsed.GetRequiredValue(AnnOptions.Truth), parsed.GetRequiredValue(AnnOptions.Metric),
            parsed.GetRequiredValue(AnnOptions.Links), parsed.GetRequiredValue(AnnOptions.BuildBreadth),
            parsed.GetRequiredValue(AnnOptions.BuildThreads), parsed.GetRequiredValue(AnnOptions.Breadths),
            parsed.GetRequiredValue(AnnOptions.Margins), parsed.GetRequiredValue(AnnOptions.Threads),
            parsed.GetRequiredValue(AnnOptions.K), parsed.GetRequiredValue(AnnOptions.Passes),
            parsed.GetValue(AnnOptions.PrefixDim), parsed.GetRequiredValue(AnnOptions.Json));
        arguments.Validate();
        return arguments;
    }

    private void Validate()
    {
        if (Breadths.Length == 0)
        {
            throw new ArgumentException("Without a breadth there is nothing to measure.");
        }

        if (Passes < MinPasses)
        {
            throw new ArgumentException($"{Passes} passes have no median worth the name; at least {MinPasses}.");
        }

        if (Threads < 1 || BuildThreads < 1 || K < 1)
        {
            throw new ArgumentException("Threads and k start at 1.");
        }
    }
}
