using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Manifests;

/// <summary>What interrupted work left in a collection's directory: removed, or where a manifest is damaged, set aside.</summary>
internal static class ManifestLeftovers
{
    public static void Remove(string directory, IReadOnlyList<string> names, ManifestLoad load, IFileLayer files)
    {
        string own = StoreLayout.ManifestName(load.Manifest.Generation);
        HashSet<string> used = [own, own + StoreLayout.CopySuffix];
        foreach (SegmentEntry segment in load.Manifest.Segments)
        {
            used.Add(StoreLayout.SegmentName(segment.Id));
            used.Add(segment.TombstoneFile ?? "");
        }

        if (ManifestFile.BeforeCurrent(names, load.Manifest.Generation) is { } before)
        {
            used.Add(before);
            used.Add(before + StoreLayout.CopySuffix);
        }

        foreach (string name in names.Where(name => !used.Contains(name) && !StoreLayout.IsFixed(name)))
        {
            string path = Path.Combine(directory, name);
            if (!StoreLayout.IsNamed(name) && !StoreLayout.IsAside(name))
            {
                load.UnknownFiles.Add(path);
                continue;
            }
            if (load.Findings.Count > 0)
            {
                // The manifest may be an older one, and these all that is left of the newer: the next start must not remove them.
                QuarantineDirectory.Take(directory, name, files);
                continue;
            }

            if (files.IsDirectory(path))
            {
                files.DeleteDirectory(path);
            }
            else
            {
                files.Delete(path);
            }

            load.RemovedFiles.Add(path);
        }
    }
}
