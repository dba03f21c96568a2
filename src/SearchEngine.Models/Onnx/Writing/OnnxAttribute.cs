using System.Text;

namespace SearchEngine.Models.Onnx.Writing;

/// <summary>A node's attribute: an integer, a number, a text or a list of integers.</summary>
public sealed class OnnxAttribute
{
    private const int Name = 1, FloatValue = 2, IntValue = 3, TextValue = 4, IntList = 8, Type = 20;
    private const int FloatType = 1, IntType = 2, TextType = 3, IntsType = 7;

    private OnnxAttribute(WireMessage message) => Message = message;

    internal WireMessage Message { get; }

    public static OnnxAttribute Int(string name, long value) =>
        new(new WireMessage().Text(Name, name).Number(IntValue, value).Number(Type, IntType));

    public static OnnxAttribute Float(string name, float value) =>
        new(new WireMessage().Text(Name, name).Single(FloatValue, value).Number(Type, FloatType));

    public static OnnxAttribute Text(string name, string value) =>
        new(new WireMessage().Text(Name, name).Payload(TextValue, Encoding.UTF8.GetBytes(value)).Number(Type, TextType));

    public static OnnxAttribute Ints(string name, params ReadOnlySpan<long> values)
    {
        var message = new WireMessage().Text(Name, name);
        foreach (var value in values)
            message.Number(IntList, value);
        return new OnnxAttribute(message.Number(Type, IntsType));
    }
}
