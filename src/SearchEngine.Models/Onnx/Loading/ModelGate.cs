namespace SearchEngine.Models.Onnx.Loading;

/// <summary>
/// Looks at a model before ONNX Runtime does: that it is a well-formed ONNX file within the limits, and that the weight files it
/// names lie in its own folder. A model is data from elsewhere; it must not read files of its choice.
/// </summary>
internal static class ModelGate
{
    /// <exception cref="OnnxModelException">The model is refused.</exception>
    public static void CheckFile(string path, OnnxModelLimits limits)
    {
        if (!File.Exists(path))
            throw new OnnxModelException(path, "there is no such file");
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            CheckSize(file.Length, limits);
            var summary = new ModelWalker(new ProtobufReader(file), limits).Walk();
            CheckExternal(summary, path, limits);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new OnnxModelException(path, e.Message, e);
        }
    }

    /// <summary>As <see cref="CheckFile"/>; a model from memory has no folder, so it may name no other file.</summary>
    /// <exception cref="OnnxModelException">The model is refused.</exception>
    public static void CheckBytes(byte[] model, string name, OnnxModelLimits limits)
    {
        try
        {
            CheckSize(model.Length, limits);
            var summary = new ModelWalker(new ProtobufReader(new MemoryStream(model, writable: false)), limits).Walk();
            if (summary.External.Count > 0)
            {
                throw new InvalidDataException(
                    $"it names the weight file '{summary.External[0].Location}', and a model from memory has no folder: "
                    + "open it by path");
            }
        }
        catch (InvalidDataException e)
        {
            throw new OnnxModelException(name, e.Message, e);
        }
    }

    private static void CheckSize(long bytes, OnnxModelLimits limits)
    {
        if (bytes == 0)
            throw new InvalidDataException("the file is empty");
        if (bytes > limits.ModelBytes)
            throw new InvalidDataException($"it has {bytes} bytes, and the limit is {limits.ModelBytes}");
    }

    private static void CheckExternal(ModelSummary summary, string path, OnnxModelLimits limits)
    {
        var files = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var data in summary.External)
        {
            if (!files.TryGetValue(data.Location, out var size))
            {
                size = new FileInfo(ExternalPath(path, data.Location)).Length;
                files.Add(data.Location, size);
            }
            var length = data.Length ?? size - data.Offset;
            if (data.Offset > size || length < 0 || length > size - data.Offset)
                throw new InvalidDataException($"a weight at {data.Offset} is past the end of '{data.Location}' ({size} bytes)");
        }
        var total = files.Values.Sum();
        if (total > limits.ExternalBytes)
            throw new InvalidDataException($"its weight files have {total} bytes, and the limit is {limits.ExternalBytes}");
    }

    /// <summary>
    /// The weight file, links followed, once it is known to lie in the model's folder. The folder that the model file
    /// itself links into counts too: download caches keep both behind links into one folder of blobs.
    /// </summary>
    private static string ExternalPath(string model, string location)
    {
        var climbs = location.Split('/', '\\').Contains("..", StringComparer.Ordinal);
        if (location.Length == 0 || Path.IsPathRooted(location) || climbs)
            throw new InvalidDataException($"it names the weight file '{location}' outside its folder");
        var folder = Path.GetDirectoryName(Path.GetFullPath(model))!;
        var path = Path.Combine(folder, location);
        if (!File.Exists(path))
            throw new InvalidDataException($"it names the weight file '{location}', which is missing from its folder");
        var target = Real(path);
        var homes = new[] { Real(folder), Path.GetDirectoryName(Real(model))! };
        if (!homes.Any(home => target.StartsWith(home + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
            throw new InvalidDataException($"it names the weight file '{location}', a link out of its folder");
        return target;
    }

    /// <summary>The path with every link on the way resolved.</summary>
    private static string Real(string path)
    {
        var full = Path.GetFullPath(path);
        var parent = Path.GetDirectoryName(full);
        if (parent == null)
            return full;
        var inReal = Path.Combine(Real(parent), Path.GetFileName(full));
        var target = File.ResolveLinkTarget(inReal, returnFinalTarget: false);
        return target == null ? inReal : Real(target.FullName);
    }
}
