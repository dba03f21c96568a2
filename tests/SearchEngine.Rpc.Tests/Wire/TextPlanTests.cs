using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using SearchEngine.Rpc.Wire;
using Xunit;

namespace SearchEngine.Rpc.Tests.Wire;

/// <summary>Descriptors and structs of protobuf itself: text in repeated, nested and recursive fields, and in maps.</summary>
public sealed class TextPlanTests
{
    private const string Mark = "@@mark@@";

    public static TheoryData<string, IMessage> Messages() => new()
    {
        { "name", new FileDescriptorProto { Name = Mark, Package = "fine" } },
        { "dependency", new FileDescriptorProto { Dependency = { "fine", Mark } } },
        { "message_type.field.type_name", File(new DescriptorProto { Field = { new FieldDescriptorProto { Name = "fine", TypeName = Mark } } }) },
        { "message_type.nested_type.nested_type.name", File(new DescriptorProto { NestedType = { new DescriptorProto { NestedType = { new DescriptorProto { Name = Mark } } } } }) },
        { "fields.key", new Struct { Fields = { [Mark] = Value.ForNumber(1) } } },
        { "fields.value.list_value.values.string_value", new Struct { Fields = { ["fine"] = Value.ForList(Value.ForNull(), Value.ForString(Mark)) } } },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_string_that_is_not_utf8_is_found_where_it_stands_and_every_utf8_one_is_not(string path, IMessage message)
    {
        byte[] bytes = message.ToByteArray();
        TextPlan plan = TextPlan.Of(message.Descriptor)!;
        int place = bytes.AsSpan().IndexOf("@@mark@@"u8);
        Assert.Null(plan.FindInvalid(bytes));
        foreach (byte[] valid in (byte[][])["\u00e9\u00e9\u00e9\u00e9"u8.ToArray(), "\ufffd  \ufffd"u8.ToArray(), "\ud83d\ude00\ud83d\ude00"u8.ToArray()])
        {
            valid.CopyTo(bytes, place);
            Assert.Null(plan.FindInvalid(bytes));
        }
        foreach (byte[] invalid in (byte[][])[[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x98, 0x40], [0xc0, 0x80]])
        {
            "@@mark@@"u8.CopyTo(bytes.AsSpan(place));
            invalid.CopyTo(bytes, place);
            Assert.Equal(path, plan.FindInvalid(bytes));
            RpcException refused = Assert.Throws<RpcException>(() => plan.Require(bytes));
            Assert.Equal((StatusCode.Internal, RpcReasons.MessageMalformed, path), (refused.Code, refused.Reason, refused.Facts["field"]));
        }
    }

    [Fact]
    public void Bytes_fields_and_messages_without_text_are_not_looked_at()
    {
        Assert.Null(TextPlan.Of(Timestamp.Descriptor));
        Assert.Null(TextPlan.Of(BytesValue.Descriptor));
        Assert.Null(TextPlan.Of(Any.Descriptor)!.FindInvalid(new Any { TypeUrl = "fine", Value = ByteString.CopyFrom(0xff) }.ToByteArray()));
    }

    [Fact]
    public void Malformed_and_endlessly_nested_messages_are_left_to_the_parser()
    {
        TextPlan plan = TextPlan.Of(DescriptorProto.Descriptor)!;
        Assert.Null(plan.FindInvalid([0x0a, 0x05, 0xff]));
        var nested = new DescriptorProto { Name = "innermost" };
        for (int depth = 0; depth < 5_000; depth++) nested = new DescriptorProto { NestedType = { nested } };
        Assert.Null(plan.FindInvalid(nested.ToByteArray()));
    }

    private static FileDescriptorProto File(DescriptorProto type) => new() { MessageType = { type } };
}
