namespace SearchEngine.Models.Onnx;

/// <summary>One place where ONNX Runtime's library was looked for.</summary>
/// <param name="Source">Why this place: an option, an environment variable, the application's folder.</param>
/// <param name="Path">The file or folder.</param>
/// <param name="Outcome">What stood there.</param>
public sealed record OnnxLibraryAttempt(string Source, string Path, string Outcome);
