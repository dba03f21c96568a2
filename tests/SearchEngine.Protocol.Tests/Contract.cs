using System.Runtime.CompilerServices;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using SearchEngine.Protocol.V1;

namespace SearchEngine.Protocol.Tests;

/// <summary>The published contract as protoc reads it, comments included. Immutable after construction.</summary>
internal static class Contract
{
    public const string Package = "searchengine.v1";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "contract");

    /// <summary>The .proto files of the package, from a descriptor set with source information.</summary>
    public static readonly IReadOnlyList<FileDescriptor> Files = LoadFiles();

    public static readonly IReadOnlyList<MessageDescriptor> Messages =
        Files.SelectMany(file => file.MessageTypes).SelectMany(WithNested).ToArray();

    public static readonly IReadOnlyList<EnumDescriptor> Enums =
        Files.SelectMany(file => file.EnumTypes).Concat(Messages.SelectMany(message => message.EnumTypes)).ToArray();

    public static readonly IReadOnlyList<MethodDescriptor> Methods =
        Files.SelectMany(file => file.Services).SelectMany(service => service.Methods).ToArray();

    /// <summary>Every message a caller may send: what the request types of all methods reach.</summary>
    public static readonly IReadOnlySet<MessageDescriptor> Sent = Reach(Methods.Select(method => method.InputType));

    /// <summary>What the C# of SearchEngine.Protocol says about itself; it has no comments.</summary>
    public static readonly IReadOnlyList<FileDescriptor> GeneratedFiles =
    [
        AdminReflection.Descriptor, CollectionsReflection.Descriptor, CommonReflection.Descriptor,
        EncoderReflection.Descriptor, EvaluationReflection.Descriptor, PointsReflection.Descriptor,
        RerankReflection.Descriptor, SearchReflection.Descriptor,
    ];

    public static string ProtoFolder => Path.Combine(Folder, "protos");

    public static string Readme => File.ReadAllText(Path.Combine(Folder, "README.md"));

    public static string[] Lock => File.ReadAllLines(Path.Combine(Folder, "v1.lock.txt"));

    /// <summary>The lock file in the source tree, for deliberate updates.</summary>
    public static string LockSource([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "v1.lock.txt");

    /// <summary>The comment above a declaration as one line, or an empty string.</summary>
    public static string Comment(IDescriptor descriptor)
    {
        if (descriptor is OneofDescriptor oneof) return OneLine(OneofComment(oneof));
        DescriptorDeclaration? declaration = descriptor switch
        {
            FieldDescriptor field => field.Declaration,
            MessageDescriptor message => message.Declaration,
            EnumDescriptor type => type.Declaration,
            EnumValueDescriptor value => value.Declaration,
            MethodDescriptor method => method.Declaration,
            ServiceDescriptor service => service.Declaration,
            _ => throw new ArgumentException($"{descriptor.FullName}: a kind without comments", nameof(descriptor)),
        };
        return OneLine(declaration?.LeadingComments ?? "");
    }

    private static string OneLine(string comment) =>
        string.Join(' ', comment.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Google.Protobuf 3.25.1 keeps no declaration of a oneof, so its comment is looked up by its path.</summary>
    private static string OneofComment(OneofDescriptor oneof)
    {
        FileDescriptorProto file = oneof.File.ToProto();
        DescriptorProto message = file.MessageType.Single(candidate => candidate.Name == oneof.ContainingType.Name);
        int[] path =
        [
            FileDescriptorProto.MessageTypeFieldNumber, file.MessageType.IndexOf(message),
            DescriptorProto.OneofDeclFieldNumber, oneof.Index,
        ];
        return file.SourceCodeInfo.Location.SingleOrDefault(location => location.Path.SequenceEqual(path))?.LeadingComments
            ?? "";
    }

    /// <summary>All fields of the contract, those of map entries aside.</summary>
    public static IEnumerable<FieldDescriptor> Fields(IEnumerable<MessageDescriptor> messages) =>
        messages.Where(message => !IsMapEntry(message)).SelectMany(message => message.Fields.InDeclarationOrder());

    public static bool IsMapEntry(MessageDescriptor message) => message.GetOptions()?.MapEntry ?? false;

    private static FileDescriptor[] LoadFiles()
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(Folder, "v1.descriptors"));
        var set = FileDescriptorSet.Parser.ParseFrom(bytes);
        return FileDescriptor.BuildFromByteStrings(set.File.Select(file => file.ToByteString()))
            .Where(file => file.Package == Package).ToArray();
    }

    private static IEnumerable<MessageDescriptor> WithNested(MessageDescriptor message) =>
        message.NestedTypes.SelectMany(WithNested).Prepend(message);

    private static HashSet<MessageDescriptor> Reach(IEnumerable<MessageDescriptor> roots)
    {
        var reached = new HashSet<MessageDescriptor>();
        var open = new Stack<MessageDescriptor>(roots);
        while (open.TryPop(out MessageDescriptor? message))
        {
            if (message.File.Package != Package || !reached.Add(message)) continue;
            foreach (FieldDescriptor field in message.Fields.InDeclarationOrder())
                if (field.FieldType == FieldType.Message) open.Push(field.MessageType);
        }
        return reached;
    }
}
