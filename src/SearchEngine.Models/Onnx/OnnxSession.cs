using SearchEngine.Models.Onnx.Interop;
using SearchEngine.Models.Onnx.Loading;

namespace SearchEngine.Models.Onnx;

/// <summary>
/// An opened model. Any number of runs may execute at the same time, each through its own <see cref="OnnxRun"/>; there is no
/// lock. Disposing while runs execute takes effect when the last of them ends.
/// </summary>
public sealed class OnnxSession : IDisposable
{
    internal OnnxSession(OnnxRuntime runtime, OrtHandle handle, SessionFacts facts)
    {
        Api = runtime.Api;
        Handle = handle;
        Inputs = facts.Inputs;
        Outputs = facts.Outputs;
        Metadata = facts.Metadata;
        Providers = facts.Providers;
        Signature = new OnnxSignature(Inputs, Outputs);
    }

    public IReadOnlyList<OnnxTensorInfo> Inputs { get; }

    public IReadOnlyList<OnnxTensorInfo> Outputs { get; }

    public OnnxModelMetadata Metadata { get; }

    /// <summary>Which providers were tried and which runs the nodes.</summary>
    public OnnxProviderReport Providers { get; }

    internal OrtApi Api { get; }

    internal OrtHandle Handle { get; }

    internal OnnxSignature Signature { get; }

    /// <summary>The place of an input in <see cref="Inputs"/>; -1 where the model has none of that name.</summary>
    public int InputIndex(string name) => IndexOf(Inputs, name);

    /// <summary>The place of an output in <see cref="Outputs"/>; -1 where the model has none of that name.</summary>
    public int OutputIndex(string name) => IndexOf(Outputs, name);

    /// <summary>A reusable call that computes these outputs (all, if none is named), for one thread at a time.</summary>
    /// <exception cref="ArgumentException">The model has no such output, or it is no tensor.</exception>
    public OnnxRun CreateRun(params ReadOnlySpan<string> outputs) => new(this, Select(outputs));

    /// <summary>
    /// A reusable call through an I/O binding: every input and output is a tensor of the caller's. Saves the look-up of names in
    /// each run, and on a GPU lets the library keep what did not change.
    /// </summary>
    /// <exception cref="ArgumentException">The model has no such output, or it is no tensor.</exception>
    public OnnxBoundRun CreateBoundRun(params ReadOnlySpan<string> outputs) => new(this, Select(outputs));

    public void Dispose() => Handle.Dispose();

    private static int IndexOf(IReadOnlyList<OnnxTensorInfo> tensors, string name)
    {
        for (var i = 0; i < tensors.Count; i++)
        {
            if (string.Equals(tensors[i].Name, name, StringComparison.Ordinal))
                return i;
        }
        return -1;
    }

    private int[] Select(ReadOnlySpan<string> names)
    {
        ObjectDisposedException.ThrowIf(Handle.IsClosed, this);
        var chosen = new int[names.IsEmpty ? Outputs.Count : names.Length];
        for (var i = 0; i < chosen.Length; i++)
        {
            chosen[i] = names.IsEmpty ? i : OutputIndex(names[i]);
            if (chosen[i] < 0)
            {
                var known = string.Join(", ", Outputs.Select(o => o.Name));
                throw new ArgumentException($"The model has no output '{names[i]}'; it has {known}.", nameof(names));
            }
            var output = Outputs[chosen[i]];
            if (!output.IsTensor)
                throw new ArgumentException($"The output '{output.Name}' is no tensor and cannot be read.", nameof(names));
        }
        return chosen;
    }
}
