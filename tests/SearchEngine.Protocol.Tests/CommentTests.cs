using Google.Protobuf.Reflection;
using Xunit;

namespace SearchEngine.Protocol.Tests;

/// <summary>The comments are the manual of every client, so their promises are checked like code.</summary>
public sealed class CommentTests
{
    [Fact]
    public void EverythingIsDocumented()
    {
        IEnumerable<IDescriptor> all =
        [
            .. Contract.Messages.Where(message => !Contract.IsMapEntry(message)),
            .. Contract.Fields(Contract.Messages),
            .. Contract.Messages.SelectMany(message => message.Oneofs).Where(oneof => !oneof.IsSynthetic),
            .. Contract.Enums,
            .. Contract.Enums.SelectMany(type => type.Values),
            .. Contract.Files.SelectMany(file => file.Services),
            .. Contract.Methods,
        ];
        Expect.None(
            all.Where(item => Contract.Comment(item).Length == 0), item => item.FullName,
            "A client's generator copies comments into its code; these declarations have none");
    }

    [Fact]
    public void EveryFieldACallerSendsStatesItsDefault() =>
        Expect.None(
            Contract.Fields(Contract.Sent).Where(field => !Says(field, "Default:")), field => field.FullName,
            "An unset field must have a stated meaning; write \"Default: ...\" (if required: what happens without it)");

    [Fact]
    public void EveryUnboundedFieldACallerSendsStatesItsLimit() =>
        Expect.None(
            Contract.Fields(Contract.Sent).Where(field => IsUnbounded(field) && !Says(field, "Limit:")),
            field => field.FullName,
            "A length or number without a stated limit will be sent without limit; write \"Limit: ...\"");

    [Fact]
    public void FieldsWithAUnitInTheirNameSayItInTheirComment()
    {
        (string Suffix, string Unit)[] units =
            [("_micros", "microseconds"), ("_bytes", "bytes"), ("_meters", "meters"), ("_tokens", "tokens")];
        Expect.None(
            from field in Contract.Fields(Contract.Messages)
            from unit in units
            where field.Name.EndsWith(unit.Suffix, StringComparison.Ordinal) && IsNumber(field)
                && !Says(field, $"Unit: {unit.Unit}")
            select field, field => field.FullName, "Write \"Unit: ...\" as the name promises");
    }

    [Fact]
    public void HeadersAreFieldOne() =>
        Expect.None(
            Contract.Fields(Contract.Messages).Where(field => field is
            { FieldType: FieldType.Message, FieldNumber: not 1, MessageType.Name: "RequestHeader" or "ReplyHeader" }),
            field => field.FullName, "The README promises that an envelope is field 1 of its message");

    [Fact]
    public void EveryRequestOrItsFirstFrameHasAnEnvelope() =>
        Expect.None(
            Contract.Methods.Where(method => !ReachesHeader(method.InputType, "RequestHeader", [])),
            method => method.FullName,
            "Without a RequestHeader a call has no tenant, request id or lane");

    [Fact]
    public void EveryReplyOrOneOfItsFramesHasAnEnvelope() =>
        Expect.None(
            Contract.Methods.Where(method => !ReachesHeader(method.OutputType, "ReplyHeader", [])),
            method => method.FullName,
            "Without a ReplyHeader a reply cannot say which version answered and what it cost");

    private static bool ReachesHeader(MessageDescriptor message, string header, HashSet<MessageDescriptor> seen) =>
        seen.Add(message) && message.Fields.InDeclarationOrder().Any(field => field.FieldType == FieldType.Message
            && (field.MessageType.Name == header || ReachesHeader(field.MessageType, header, seen)));

    private static bool IsUnbounded(FieldDescriptor field) =>
        field.IsRepeated || field.FieldType is FieldType.String or FieldType.Bytes || IsNumber(field);

    private static bool IsNumber(FieldDescriptor field) =>
        field.FieldType is not (FieldType.String or FieldType.Bytes or FieldType.Message or FieldType.Enum
            or FieldType.Bool);

    private static bool Says(FieldDescriptor field, string words) =>
        Contract.Comment(field).Contains(words, StringComparison.Ordinal);
}
