namespace SearchEngine.Server.Tests;

/// <summary>Where the sources stand, for tests that read documents or run clients of other languages.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SearchEngine.sln")))
            {
                return folder.FullName;
            }
        }
        throw new DirectoryNotFoundException($"No SearchEngine.sln above {AppContext.BaseDirectory}.");
    }
}
