using SearchEngine.Collections.Filters;
using SearchEngine.Server.Security;

namespace SearchEngine.Server.Calls;

/// <summary>Who calls, and what that allows. The access interceptor puts one into ServerCall.Principal.</summary>
/// <param name="Name">As in the key file and the audit log.</param>
/// <param name="Permissions">What may be done.</param>
/// <param name="Injected">Holds for everything the caller can see and write; null where nothing is hidden.</param>
/// <param name="Collections">Names the caller may use; null for all.</param>
internal sealed record Caller(string Name, Permissions Permissions, Filter? Injected = null, CollectionNames? Collections = null)
{
    /// <summary>Where nobody asks for credentials.</summary>
    public static Caller Anyone { get; } = new("", Permissions.Read | Permissions.Write | Permissions.Admin);

    /// <summary>Differs where the same name sees something else, as after a change of its key.</summary>
    public string Sight { get; init; } = "";

    /// <summary>The injected filter as text; empty where there is none. Unlike <see cref="Sight"/> it outlives a new secret of the same key.</summary>
    public string InjectedText { get; init; } = "";

    /// <summary>Whether nothing is hidden: then the caller is told of sizes, segments and what else counts all points.</summary>
    public bool SeesAll => Injected is null;

    /// <summary>Adds what the caller may not see to what it asks for.</summary>
    public Filter Restrict(Filter filter) => Injected is not { } injected ? filter
        : filter.IsEmpty ? injected
        // Beside the caller's own conditions, which keep their paths.
        : filter with { Must = [.. filter.Must, new Condition.Matches(injected)] };

    public bool MayUse(string collection) => Collections is null || Collections.Contains(collection);
}
