namespace SearchEngine.Server.Calls;

/// <summary>What a caller may do.</summary>
[Flags]
internal enum Permissions
{
    None = 0,
    Read = 1,
    Write = 2,
    Admin = 4,
}
