using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using Xunit;

namespace SearchEngine.Protocol.Tests;

/// <summary>Rules of form that keep the contract usable from every language and open to additions.</summary>
public sealed partial class ShapeTests
{
    /// <summary>Names that some generator must mangle or that clash with a macro of a system header.</summary>
    private static readonly HashSet<string> Troublesome = new(StringComparer.Ordinal)
    {
        "and", "as", "assert", "async", "await", "bool", "break", "byte", "case", "class", "const", "continue", "def",
        "default", "del", "delete", "descriptor", "do", "double", "elif", "else", "enum", "except", "export", "extern",
        "false", "final", "finally", "float", "for", "from", "func", "function", "global", "go", "goto", "if", "import",
        "in", "int", "interface", "is", "lambda", "linux", "long", "major", "map", "minor", "namespace", "new", "none",
        "nonlocal", "not", "null", "operator", "or", "package", "pass", "private", "protected", "public", "raise",
        "return", "select", "self", "short", "signed", "static", "string", "struct", "super", "switch", "template", "this",
        "throw", "true", "try", "type", "typedef", "union", "unix", "unsigned", "using", "var", "void", "while", "with", "yield",
    };

    /// <summary>Kept although listed above, each with the reason.</summary>
    private static readonly HashSet<string> Tolerated = new(StringComparer.Ordinal)
    {
        // `type` is the word of every schema; Python, Java, C# and TypeScript take it as a field name.
        "searchengine.v1.AttributeSchema.type",
        // C++ appends an underscore; the word is what everybody calls a prompt template.
        "searchengine.v1.TaskTemplate.template",
    };

    [Fact]
    public void PathsPackagesAndOptionsAgree()
    {
        foreach (FileDescriptor file in Contract.Files)
        {
            FileDescriptorProto proto = file.ToProto();
            string stem = Path.GetFileNameWithoutExtension(file.Name);
            Assert.Equal($"searchengine/v1/{stem}.proto", file.Name);
            Assert.Equal("proto3", proto.Syntax);
            Assert.Equal("SearchEngine.Protocol.V1", proto.Options.CsharpNamespace);
            Assert.Equal("searchengine/v1;searchenginev1", proto.Options.GoPackage);
            Assert.Equal("searchengine.v1", proto.Options.JavaPackage);
            Assert.Equal($"{char.ToUpperInvariant(stem[0])}{stem[1..]}Proto", proto.Options.JavaOuterClassname);
            Assert.True(proto.Options.JavaMultipleFiles, $"{file.Name}: Java users expect one file per message");
        }
    }

    [Fact]
    public void ThereIsOneServicePerFileOfItsName() =>
        Expect.None(
            Contract.Files.Where(file => file.Services.Count > 1 || file.Services.Any(service =>
                !file.Name.EndsWith($"/{service.Name.ToLowerInvariant()}.proto", StringComparison.Ordinal))),
            file => file.Name, "A service is looked for in the file of its name");

    [Fact]
    public void GeneratedCodeIsOfThisContract() =>
        Assert.Equal(LockFile.Describe(Contract.Files), LockFile.Describe(Contract.GeneratedFiles));

    [Fact]
    public void TheZeroOfEveryEnumIsUnspecified() =>
        Expect.None(
            Contract.Enums.Where(type => type.Values[0].Number != 0
                || type.Values[0].Name != $"{Screaming(type.Name)}_UNSPECIFIED"),
            type => type.FullName, "An old client that does not know a field sends zero, so zero must ask for nothing");

    [Fact]
    public void EnumValuesCarryTheNameOfTheirEnum() =>
        Expect.None(
            Contract.Enums.SelectMany(type => type.Values).Where(value =>
                !value.Name.StartsWith(Screaming(value.EnumDescriptor.Name) + "_", StringComparison.Ordinal)),
            value => value.FullName, "C++ and Python put enum values beside the enum, where short names clash");

    [Fact]
    public void NumbersAreUnique()
    {
        foreach (MessageDescriptor message in Contract.Messages)
        {
            int[] numbers = message.Fields.InDeclarationOrder().Select(field => field.FieldNumber).ToArray();
            Assert.True(numbers.Length == numbers.Distinct().Count(), $"{message.FullName} uses a number twice");
            foreach (var range in message.ToProto().ReservedRange)
                Assert.True(!numbers.Any(number => number >= range.Start && number < range.End),
                    $"{message.FullName} uses a number between {range.Start} and {range.End - 1}, which it reserves");
        }
        foreach (EnumDescriptor type in Contract.Enums)
            Assert.True(type.Values.Count == type.Values.Select(value => value.Number).Distinct().Count(),
                $"{type.FullName} uses a number twice");
    }

    [Fact]
    public void CallersSendNoBooleans() =>
        Expect.None(
            Contract.Fields(Contract.Sent).Where(field => field.FieldType == FieldType.Bool
                && field.FullName != "searchengine.v1.Value.bool_value"),
            field => field.FullName, "A third choice always comes: use an enum with an UNSPECIFIED zero");

    [Fact]
    public void NamesAreLowerSnakeCase() =>
        Expect.None(Contract.Fields(Contract.Messages).Where(field => !SnakeCase().IsMatch(field.Name)),
            field => field.FullName, "Generators derive their names from lower_snake_case");

    [Fact]
    public void NamesTroubleNoGenerator() =>
        Expect.None(
            Contract.Fields(Contract.Messages).Where(field => Troublesome.Contains(field.Name)
                && !Tolerated.Contains(field.FullName)),
            field => field.FullName, "A keyword or macro somewhere; choose another word or tolerate it with a reason");

    [Fact]
    public void NoNameIsMangledInCSharp()
    {
        string[] taken =
        [
            "Equals", "GetHashCode", "GetType", "ToString", "Clone", "Descriptor", "Parser", "MergeFrom", "WriteTo",
            "CalculateSize", "Types",
        ];
        Expect.None(
            Contract.Fields(Contract.Messages).Where(field =>
                Pascal(field.Name) is var name && (name == field.ContainingType.Name || taken.Contains(name))),
            field => field.FullName, "C# would append an underscore to the property");
    }

    [Fact]
    public void NoFieldIsNamedAfterAnotherOnesCount() =>
        Expect.None(
            from message in Contract.Messages
            from list in message.Fields.InDeclarationOrder()
            where list.IsRepeated && message.FindFieldByName($"{list.Name}_count") is not null
            select list, field => field.FullName, "Java generates getXCount for a repeated field x and cannot have both");

    [Fact]
    public void MessagesDoNotHideTypesThatCSharpAlwaysSees()
    {
        string[] implicitNamespaces =
        [
            "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http",
            "System.Threading", "System.Threading.Tasks",
        ];
        HashSet<string> seen = AppDomain.CurrentDomain.GetAssemblies()
            .Where(assembly => assembly.GetName().Name!.StartsWith("System.", StringComparison.Ordinal))
            .SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => !type.IsNested && implicitNamespaces.Contains(type.Namespace))
            .Select(type => type.Name).ToHashSet();
        Assert.Contains("Version", seen);
        Expect.None(Contract.Messages.Where(message => seen.Contains(message.Name)), message => message.Name,
            "With ImplicitUsings the name is ambiguous in every file that uses the contract");
    }

    [Fact]
    public void RequestsAndRepliesAreNamedAfterTheirUse() =>
        Expect.None(
            Contract.Methods.Where(method =>
                !method.InputType.Name.EndsWith("Request", StringComparison.Ordinal)
                || !(method.OutputType.Name.EndsWith("Reply", StringComparison.Ordinal)
                    || method.OutputType.Name.EndsWith("Frame", StringComparison.Ordinal))
                || (!method.IsServerStreaming && method.OutputType.Name.EndsWith("Frame", StringComparison.Ordinal))),
            method => method.FullName, "Requests end in Request, replies in Reply, streamed ones in Reply or Frame");

    /// <summary>The server lifts vectors out of requests without copying; these are the paths it relies on.</summary>
    [Theory]
    [InlineData("SearchRequest", "query.vector.data")]
    [InlineData("SearchRequest", "query.multi.data")]
    [InlineData("SearchStreamRequest", "search.query.vector.data")]
    [InlineData("PipelineRequest", "search.query.vector.data")]
    [InlineData("SearchBatchRequest", "queries.data")]
    [InlineData("RetrieveRequest", "query.vector.data")]
    public void VectorBytesAreReachableThroughSingularFields(string message, string path)
    {
        MessageDescriptor current = Contract.Messages.Single(candidate => candidate.Name == message);
        string[] steps = path.Split('.');
        foreach (string step in steps[..^1])
        {
            FieldDescriptor field = current.FindFieldByName(step) ?? throw Missing(current, step);
            Assert.True(field.FieldType == FieldType.Message && !field.IsRepeated,
                $"{field.FullName} must be one message");
            current = field.MessageType;
        }
        FieldDescriptor data = current.FindFieldByName(steps[^1]) ?? throw Missing(current, steps[^1]);
        Assert.Equal(FieldType.Bytes, data.FieldType);
        Assert.False(data.IsRepeated, $"{data.FullName} must be singular");
        Assert.True(data.ContainingOneof is null,
            $"{data.FullName} must not be in a oneof: it is lifted without its message");
    }

    private static InvalidOperationException Missing(MessageDescriptor message, string field) =>
        new($"{message.FullName} has no field {field}: the server's vector lifting relies on it.");

    private static string Pascal(string snake) =>
        string.Concat(snake.Split('_').Select(part => char.ToUpperInvariant(part[0]) + part[1..]));

    private static string Screaming(string name) => Hump().Replace(name, "_").ToUpperInvariant();

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex Hump();

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    private static partial Regex SnakeCase();
}
