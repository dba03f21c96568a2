using SearchEngine.Collections.Filters;

namespace SearchEngine.Server.Calls;

/// <summary>Who calls, and what that allows. An authentication interceptor puts one into ServerCall.Principal.</summary>
/// <param name="Name">As in the configuration and the audit log.</param>
/// <param name="Permissions">What may be done.</param>
/// <param name="Injected">Holds for everything the caller can see; null where nothing is hidden.</param>
/// <param name="Collections">Names the caller may use; null for all.</param>
internal sealed record Caller(string Name, Permissions Permissions, Filter? Injected = null, IReadOnlySet<string>? Collections = null)
{
    /// <summary>Where nobody asks for credentials.</summary>
    public static Caller Anyone { get; } = new("", Permissions.Read | Permissions.Write | Permissions.Admin);

    public bool MayUse(string collection) => Collections is null || Collections.Contains(collection);
}
