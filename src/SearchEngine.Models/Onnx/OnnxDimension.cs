using System.Globalization;

namespace SearchEngine.Models.Onnx;

/// <summary>One dimension of a declared shape: a fixed size, or a symbol (possibly empty) that each run gives a size.</summary>
public readonly record struct OnnxDimension(long? Size, string Symbol)
{
    public static implicit operator OnnxDimension(long size) => new(size, "");

    public static implicit operator OnnxDimension(int size) => new(size, "");

    public static implicit operator OnnxDimension(string symbol) => new(null, symbol);

    public override string ToString() =>
        Size is { } size ? size.ToString(CultureInfo.InvariantCulture) : Symbol.Length > 0 ? Symbol : "?";
}
