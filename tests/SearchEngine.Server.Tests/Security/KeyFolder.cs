using SearchEngine.Server.Security;
using SearchEngine.Testing;

namespace SearchEngine.Server.Tests.Security;

/// <summary>A key file in a directory of its own, and the keys whose hashes it holds.</summary>
internal sealed class KeyFolder : IDisposable
{
    private readonly TempDirectory _folder = new();

    public string Path => _folder.File("keys.json");

    public SecurityOptions Security => new() { KeyFile = Path };

    public string Add(string name, string[] permissions, string[]? collections = null, Wire.Filter? filter = null, string? certificate = null) => KeyFile.Add(Path, new NewKey
    {
        Name = name,
        Permissions = permissions,
        Collections = collections ?? [],
        Filter = filter?.ToString(),
        Certificate = certificate,
    });

    public void Dispose() => _folder.Dispose();
}
