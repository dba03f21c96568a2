using System.Collections.Frozen;
using Google.Protobuf.Reflection;
using SearchEngine.Server.Calls;

namespace SearchEngine.Server.Security;

/// <summary>
/// What each method of the contract needs: one of the permissions named with it. A method that is not here cannot be served: whoever adds
/// one decides.
/// </summary>
internal static class MethodPermissions
{
    /// <summary>Any key is enough.</summary>
    public const Permissions AnyKey = Permissions.Read | Permissions.Write | Permissions.Admin;

    private const string Package = "searchengine.v1.";

    private static readonly FrozenDictionary<string, Permissions> Needed = new (string Service, Permissions Any, string[] Methods)[]
    {
        ("Collections", AnyKey, ["Describe", "List", "ListAliases"]),
        ("Collections", Permissions.Admin,
        [
            "Create", "Update", "Delete", "SwitchAliases", "CompareShadow", "BuildIndex", "Calibrate", "CheckCanaries", "Snapshot",
            "ListSnapshots", "DeleteSnapshot", "Restore", "Compact", "Scrub",
        ]),
        ("Points", Permissions.Read, ["Get", "Count", "Scroll"]),
        ("Points", Permissions.Write, ["Upsert", "Upload", "UpdateAttributes", "Delete"]),
        ("Search", Permissions.Read, ["Search", "SearchStream", "SearchBatch", "SearchPipeline", "Retrieve", "Explain", "Diagnose"]),
        ("Rerank", Permissions.Read, ["Rerank", "RerankStream"]),
        ("Evaluation", Permissions.Read, ["ListJudgements", "Evaluate", "Sweep", "Pool", "MineNegatives"]),
        ("Evaluation", Permissions.Write, ["LoadJudgements", "DeleteJudgements"]),
        ("Admin", AnyKey, ["Version", "Capabilities"]),
        ("Admin", Permissions.Admin, ["GetLimits", "SetLimits", "SlowLog", "WrongLog", "Drain", "ReloadCertificates", "ReloadKeys"]),
    }.SelectMany(static row => row.Methods.Select(m => (Name: $"{Package}{row.Service}.{m}", row.Any))).ToFrozenDictionary(static m => m.Name, static m => m.Any);

    /// <summary>Any one of these is enough; null for a method nobody has decided about.</summary>
    public static Permissions? Of(MethodDescriptor method) => Needed.TryGetValue(method.FullName, out Permissions any) ? any : null;

    /// <summary>Whether a call of the method changes what is stored, or how the server runs: it is written to the audit log.</summary>
    public static bool IsAudited(MethodDescriptor method) => Of(method) is Permissions.Write or Permissions.Admin;

    /// <summary>Words for errors, as in "read" or "read, write or admin".</summary>
    public static string Words(Permissions any) => any == AnyKey ? "read, write or admin" : any.ToString().ToLowerInvariant();
}
