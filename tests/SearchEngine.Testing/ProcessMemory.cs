using System.Globalization;

namespace SearchEngine.Testing;

/// <summary>What of mapped files counts as memory of this process, as the system says.</summary>
public static class ProcessMemory
{
    /// <summary>KiB of the mapped files whose path is accepted.</summary>
    public static long OfFiles(Func<string, bool> isWanted)
    {
        long resident = 0;
        bool isCounted = false;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            // Of a mapping, or of a figure of it.
            if (!line.Split(' ', 2)[0].EndsWith(':'))
            {
                int path = line.IndexOf('/', StringComparison.Ordinal);
                isCounted = path >= 0 && isWanted(line[path..]);
            }
            else if (isCounted && line.StartsWith("Rss:", StringComparison.Ordinal))
            {
                resident += long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
            }
        }
        return resident;
    }
}
