namespace SearchEngine.Models.Folder;

/// <summary>A model folder cannot be used; the message names the file, the place in it and what is wanted.</summary>
public sealed class ModelFolderException : Exception
{
    private const string Whole = ".";

    public ModelFolderException(string file, string jsonPath, string message, Exception? inner = null)
        : base(file == Whole ? message : jsonPath.Length == 0 ? $"{file}: {message}" : $"{file}, {jsonPath}: {message}", inner)
    {
        File = file;
        JsonPath = jsonPath;
    }

    /// <summary>Relative to the folder; "." for the folder as a whole.</summary>
    public string File { get; }

    /// <summary>The place in a JSON file, for example outputs.dense.dimension; empty where the fault is not in one.</summary>
    public string JsonPath { get; }
}
