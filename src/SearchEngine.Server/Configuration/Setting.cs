namespace SearchEngine.Server.Configuration;

/// <summary>One thing that can be configured.</summary>
/// <param name="Key">As in the file, as in "listen.port".</param>
/// <param name="Default">What holds where nobody says anything; null for nothing.</param>
/// <param name="Description">For people; says the unit and the range.</param>
/// <param name="ShortFlag">Name on the command line where it is not made of the key.</param>
/// <param name="IsList">Whether it may be given several times.</param>
public sealed record Setting(string Key, string? Default, string Description, string? ShortFlag = null, bool IsList = false)
{
    private const string Prefix = "SEARCHENGINE_";

    /// <summary>On the command line, as in "--operations-port".</summary>
    public string Flag => ShortFlag ?? "--" + Key.Replace('.', '-').Replace('_', '-');

    /// <summary>In the environment, as in "SEARCHENGINE_OPERATIONS_PORT"; lists are separated by commas.</summary>
    public string Variable => Prefix + Key.Replace('.', '_').ToUpperInvariant();
}
