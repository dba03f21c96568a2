using Google.Protobuf;
using Google.Protobuf.Reflection;
using SearchEngine.Rpc.Server;

namespace SearchEngine.Rpc.Reflection;

/// <summary>
/// The proto files behind a server's services, cut down to the services and methods that are really served, so that a client
/// that builds itself from reflection sees nothing it cannot call.
/// </summary>
internal sealed class ServedContract
{
    private readonly Dictionary<string, FileDescriptor> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _filesBySymbol = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ByteString> _served = new(StringComparer.Ordinal);

    public ServedContract(IReadOnlyList<RpcService> services, IEnumerable<FileDescriptor> further)
    {
        Services = [.. services.Where(service => service.IsServed).Select(service => service.Name).Order(StringComparer.Ordinal)];
        HashSet<string> methods = [.. services.SelectMany(service => service.Methods).Where(method => method.IsServed).Select(method => method.Descriptor.FullName)];
        foreach (FileDescriptor file in services.Where(service => service.IsServed).Select(service => service.Descriptor.File).Concat(further)) Add(file);
        foreach (FileDescriptor file in _files.Values)
        {
            FileDescriptorProto proto = file.ToProto();
            CutToServed(proto, methods);
            _served[file.Name] = proto.ToByteString();
            IndexSymbols(file, proto);
        }
    }

    public IReadOnlyList<string> Services { get; }

    /// <summary>The file of that name and everything it imports, imports last; empty when there is none.</summary>
    public IReadOnlyList<(string Name, ByteString Proto)> FileByName(string name) =>
        _files.TryGetValue(name, out FileDescriptor? file) ? WithImports(file) : [];

    public IReadOnlyList<(string Name, ByteString Proto)> FileBySymbol(string symbol) =>
        _filesBySymbol.TryGetValue(symbol.TrimStart('.'), out FileDescriptor? file) ? WithImports(file) : [];

    public bool IsMessage(string symbol) =>
        _filesBySymbol.TryGetValue(symbol, out FileDescriptor? file) && Messages(file.MessageTypes).Any(type => type.FullName == symbol);

    private void Add(FileDescriptor file)
    {
        if (!_files.TryAdd(file.Name, file)) return;
        foreach (FileDescriptor import in file.Dependencies) Add(import);
    }

    private static void CutToServed(FileDescriptorProto proto, HashSet<string> methods)
    {
        string package = proto.Package.Length == 0 ? "" : proto.Package + ".";
        foreach (ServiceDescriptorProto service in proto.Service.ToArray())
        {
            foreach (MethodDescriptorProto method in service.Method.ToArray())
            {
                if (!methods.Contains($"{package}{service.Name}.{method.Name}")) service.Method.Remove(method);
            }
            if (service.Method.Count == 0) proto.Service.Remove(service);
        }
    }

    private void IndexSymbols(FileDescriptor file, FileDescriptorProto served)
    {
        string package = served.Package.Length == 0 ? "" : served.Package + ".";
        foreach (ServiceDescriptorProto service in served.Service)
        {
            _filesBySymbol[package + service.Name] = file;
            foreach (MethodDescriptorProto method in service.Method) _filesBySymbol[$"{package}{service.Name}.{method.Name}"] = file;
        }
        foreach (MessageDescriptor type in Messages(file.MessageTypes))
        {
            _filesBySymbol[type.FullName] = file;
            foreach (FieldDescriptor field in type.Fields.InDeclarationOrder()) _filesBySymbol[field.FullName] = file;
            foreach (EnumDescriptor nested in type.EnumTypes) _filesBySymbol[nested.FullName] = file;
        }
        foreach (EnumDescriptor type in file.EnumTypes) _filesBySymbol[type.FullName] = file;
    }

    private static IEnumerable<MessageDescriptor> Messages(IEnumerable<MessageDescriptor> types) =>
        types.SelectMany(type => Messages(type.NestedTypes).Prepend(type));

    private List<(string Name, ByteString Proto)> WithImports(FileDescriptor file)
    {
        var found = new List<(string, ByteString)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<FileDescriptor>([file]);
        while (open.TryDequeue(out FileDescriptor? next))
        {
            if (!seen.Add(next.Name)) continue;
            found.Add((next.Name, _served[next.Name]));
            foreach (FileDescriptor import in next.Dependencies) open.Enqueue(import);
        }
        return found;
    }
}
