using System.Collections.ObjectModel;

namespace SearchEngine.Models.Onnx;

/// <summary>An execution provider by configuration name, with options of its own (such as cuda's device_id).</summary>
public sealed record OnnxProvider(string Name, IReadOnlyDictionary<string, string> Options)
{
    public static readonly OnnxProvider Cpu = new("cpu");

    public static readonly OnnxProvider Cuda = new("cuda");

    public static readonly OnnxProvider WebGpu = new("webgpu");

    public OnnxProvider(string name)
        : this(name, ReadOnlyDictionary<string, string>.Empty)
    {
    }

    /// <summary>Names a provider as configuration spells it.</summary>
    /// <exception cref="ArgumentException">The name is none of cuda, webgpu, cpu.</exception>
    public static OnnxProvider Parse(string name) => name switch
    {
        "cpu" => Cpu,
        "cuda" => Cuda,
        "webgpu" => WebGpu,
        _ => throw new ArgumentException($"'{name}' is no provider: use cuda, webgpu or cpu.", nameof(name)),
    };

    public override string ToString() => Name;
}
