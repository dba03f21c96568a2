namespace SearchEngine.Models.Onnx;

/// <summary>No usable ONNX Runtime library; the message says what was tried and what to do.</summary>
public sealed class OnnxLibraryException : Exception
{
    private const string Fix =
        "Build with npm at hand (the build fetches the pinned onnxruntime-node), or set ONNXRUNTIME_PATH to a libonnxruntime.";

    private OnnxLibraryException(
        OnnxLibraryFault fault, string message, IReadOnlyList<OnnxLibraryAttempt> attempts, Exception? inner)
        : base(message, inner)
    {
        Fault = fault;
        Attempts = attempts;
    }

    public OnnxLibraryFault Fault { get; }

    public IReadOnlyList<OnnxLibraryAttempt> Attempts { get; }

    internal static OnnxLibraryException NotFound(IReadOnlyList<OnnxLibraryAttempt> attempts) => new(
        OnnxLibraryFault.NotFound,
        $"ONNX Runtime's library was not found. Tried: "
        + string.Join("; ", attempts.Select(a => $"{a.Path} ({a.Source}): {a.Outcome}")) + $". {Fix}",
        attempts,
        inner: null);

    internal static OnnxLibraryException NotLoadable(string path, string reason, Exception? inner) => new(
        OnnxLibraryFault.NotLoadable,
        $"The ONNX Runtime library {path} cannot be loaded: {reason}. "
        + "It must be a libonnxruntime for this operating system and processor.",
        [new OnnxLibraryAttempt("load", path, reason)],
        inner);

    internal static OnnxLibraryException TooOld(string path, string release, uint oldest) => new(
        OnnxLibraryFault.TooOld,
        $"The ONNX Runtime library {path} is release '{release}'; at least 1.{oldest} is needed. {Fix}",
        [new OnnxLibraryAttempt("load", path, $"release '{release}'")],
        inner: null);
}
