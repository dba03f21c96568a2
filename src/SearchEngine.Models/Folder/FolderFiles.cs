using System.Text.Json;

namespace SearchEngine.Models.Folder;

/// <summary>
/// The files of a folder that came from elsewhere: names that other files state may not lead out of it, neither by their
/// spelling nor through links. The layout of a download cache (snapshots of links into a folder of blobs) is understood.
/// </summary>
internal sealed class FolderFiles
{
    private const string Snapshots = "snapshots", Blobs = "blobs";

    private readonly string _home;

    public FolderFiles(string path)
    {
        if (!Directory.Exists(path))
            throw new ModelFolderException(".", "", $"There is no folder {path}.");
        Root = Path.GetFullPath(path);
        _home = RealPath(Root);
    }

    /// <summary>The folder's full path.</summary>
    public string Root { get; }

    /// <summary>The full path of a file, or null where it does not exist.</summary>
    /// <exception cref="ModelFolderException">The name leads out of the folder.</exception>
    public string? Find(string name)
    {
        if (name.Length == 0 || name.Contains('\0') || Path.IsPathRooted(name) || name.Contains(':')
            || name.Split('/', '\\').Contains("..", StringComparer.Ordinal))
        {
            throw new ModelFolderException(".", "", $"The file name '{Shorten(name)}' leads out of the folder; name a file within it.");
        }
        var path = Path.Combine(Root, name);
        if (!File.Exists(path))
            return null;
        var target = RealPath(path);
        return IsWithin(target, _home) || (CacheOfBlobs() is { } blobs && IsWithin(target, blobs))
            ? path
            : throw new ModelFolderException(name, "", "The file is a link out of the folder; put the file itself there.");
    }

    /// <exception cref="ModelFolderException">The file is missing, or its name leads out of the folder.</exception>
    public string Require(string name) =>
        Find(name) ?? throw new ModelFolderException(name, "", $"The file is missing from {Root}.");

    /// <summary>Opens a JSON file, or gives null where there is none.</summary>
    /// <exception cref="ModelFolderException">It is no JSON, too large or too deep.</exception>
    public JsonDocument? ReadJson(string name)
    {
        if (Find(name) is not { } path)
            return null;
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > DescriptorLimits.JsonBytes)
            {
                throw new ModelFolderException(
                    name, "", $"The file has {stream.Length} bytes, {DescriptorLimits.JsonBytes} are allowed.");
            }
            return JsonDocument.Parse(
                stream,
                new JsonDocumentOptions { MaxDepth = DescriptorLimits.JsonDepth, AllowDuplicateProperties = false });
        }
        catch (JsonException fault)
        {
            throw new ModelFolderException(name, fault.Path ?? "$", $"This is not JSON: {fault.Message}", fault);
        }
        catch (InvalidOperationException fault)
        {
            // What System.Text.Json says of a property whose name spells a lone surrogate.
            throw new ModelFolderException(name, "$", $"A name in the file is not Unicode: {fault.Message}", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ModelFolderException(name, "", $"The file cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>The path with every link on the way resolved.</summary>
    public static string RealPath(string path)
    {
        const int MostLinks = 40;
        return Resolve(Path.GetFullPath(path), MostLinks);
    }

    private static string Resolve(string path, int links)
    {
        if (Path.GetDirectoryName(path) is not { } parent)
            return path;
        var inReal = Path.Combine(Resolve(parent, links), Path.GetFileName(path));
        var target = File.ResolveLinkTarget(inReal, returnFinalTarget: false);
        if (target == null)
            return inReal;
        return links > 0
            ? Resolve(target.FullName, links - 1)
            : throw new ModelFolderException(".", "", "A link of the folder leads in circles.");
    }

    /// <summary>Where a download cache keeps the contents that a snapshot links to; null elsewhere.</summary>
    private string? CacheOfBlobs()
    {
        var parent = Path.GetDirectoryName(_home);
        return string.Equals(Path.GetFileName(parent), Snapshots, StringComparison.Ordinal)
            ? Path.Combine(Path.GetDirectoryName(parent)!, Blobs)
            : null;
    }

    private static bool IsWithin(string path, string folder) =>
        path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string Shorten(string text) => text.Length <= 64 ? text : $"{text[..64]}…";
}
