using SearchEngine.Server.Calls;

namespace SearchEngine.Server.Security;

/// <summary>One entry of the key file.</summary>
/// <param name="Hash">Null for one that is known by its certificate alone.</param>
/// <param name="Certificate">Subject of a client certificate that stands for the key; null for none.</param>
/// <param name="Caller">Who calls with it, and what it may do.</param>
/// <param name="Meaning">Equal for entries that allow the same.</param>
internal sealed record KeyEntry(KeyHash? Hash, string? Certificate, Caller Caller, string Meaning)
{
    public string Name => Caller.Name;
}
