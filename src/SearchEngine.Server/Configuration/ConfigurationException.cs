namespace SearchEngine.Server.Configuration;

/// <summary>Part of the configuration cannot be used; nothing was changed by it. The message says what, and what to do.</summary>
public sealed class ConfigurationException : Exception
{
    public ConfigurationException(string source, int line, string what, string fix, Exception? inner = null)
        : base($"{source}{(line > 0 ? $", line {line}" : "")}: {what} {fix}", inner)
    {
        Source = source;
        Line = line;
        What = what;
        Fix = fix;
    }

    /// <summary>Where it stands: a file, a variable or an option.</summary>
    public new string Source { get; }

    /// <summary>From 1; 0 where there is none.</summary>
    public int Line { get; }

    public string What { get; }

    public string Fix { get; }
}
