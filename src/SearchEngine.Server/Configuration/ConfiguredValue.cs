namespace SearchEngine.Server.Configuration;

/// <summary>A value in force and where it came from.</summary>
/// <param name="Values">One, or several of a list; empty where nothing is set.</param>
/// <param name="Source">For errors and people: "--port", "SEARCHENGINE_LISTEN_PORT", "search.json, line 3" or "default".</param>
public sealed record ConfiguredValue(Setting Setting, IReadOnlyList<string> Values, string Source)
{
    /// <summary>What to call it in an error: the flag or variable itself, or the key and its place.</summary>
    internal string Name => Source == Setting.Flag || Source == Setting.Variable ? Source : $"{Setting.Key} ({Source})";
}
