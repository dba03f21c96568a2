namespace SearchEngine.Rpc.Server;

/// <summary>Which new calls a server takes.</summary>
internal enum Admission
{
    All = 0,

    /// <summary>Those of services that are served while draining.</summary>
    WhileDraining = 1,
    None = 2,
}
