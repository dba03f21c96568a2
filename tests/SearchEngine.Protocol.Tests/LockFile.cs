using Google.Protobuf.Reflection;

namespace SearchEngine.Protocol.Tests;

/// <summary>
/// The contract as sorted lines, one per declaration, each "what = how": the left side names, the right side binds.
/// </summary>
internal static class LockFile
{
    public static string[] Describe(IReadOnlyList<FileDescriptor> files)
    {
        var lines = new List<string>();
        foreach (FileDescriptor file in files)
        {
            foreach (MessageDescriptor message in file.MessageTypes) DescribeMessage(message, lines);
            foreach (EnumDescriptor type in file.EnumTypes) DescribeEnum(type, lines);
            foreach (ServiceDescriptor service in file.Services)
                foreach (MethodDescriptor method in service.Methods) lines.Add(DescribeMethod(method));
        }
        return [.. lines.Order(StringComparer.Ordinal)];
    }

    /// <summary>The left side of a line.</summary>
    public static string Subject(string line) => line[..line.IndexOf(" = ", StringComparison.Ordinal)];

    private static void DescribeMessage(MessageDescriptor message, List<string> lines)
    {
        lines.Add($"message {Name(message)} = {message.File.Name}");
        foreach (FieldDescriptor field in message.Fields.InDeclarationOrder())
            lines.Add($"field {Name(message)}.{field.Name} = {field.FieldNumber} {Label(field)}{TypeName(field)}");
        foreach (MessageDescriptor nested in message.NestedTypes.Where(nested => !Contract.IsMapEntry(nested)))
            DescribeMessage(nested, lines);
        foreach (EnumDescriptor type in message.EnumTypes) DescribeEnum(type, lines);
    }

    private static void DescribeEnum(EnumDescriptor type, List<string> lines)
    {
        lines.Add($"enum {Name(type)} = {type.File.Name}");
        lines.AddRange(type.Values.Select(value => $"value {Name(type)}.{value.Name} = {value.Number}"));
    }

    private static string DescribeMethod(MethodDescriptor method)
    {
        string input = method.IsClientStreaming ? "stream " : "";
        string output = method.IsServerStreaming ? "stream " : "";
        string level = method.ToProto().Options?.IdempotencyLevel is { } set and not 0 ? $" {set}" : "";
        return $"rpc {Name(method)} = ({input}{Name(method.InputType)}) ({output}{Name(method.OutputType)}){level}";
    }

    private static string Label(FieldDescriptor field)
    {
        if (field.IsMap) return "map ";
        if (field.IsRepeated) return "repeated ";
        if (field.RealContainingOneof is { } oneof) return $"oneof:{oneof.Name} ";
        return field.HasPresence && field.FieldType != FieldType.Message ? "optional " : "";
    }

    private static string TypeName(FieldDescriptor field) => field switch
    {
        { IsMap: true } => string.Join(" to ", field.MessageType.Fields.InFieldNumberOrder().Select(TypeName)),
        { FieldType: FieldType.Message } => Name(field.MessageType),
        { FieldType: FieldType.Enum } => Name(field.EnumType),
        _ => field.FieldType.ToString().ToLowerInvariant(),
    };

    private static string Name(IDescriptor descriptor) =>
        descriptor.FullName.StartsWith(Contract.Package + ".", StringComparison.Ordinal)
            ? descriptor.FullName[(Contract.Package.Length + 1)..]
            : descriptor.FullName;
}
