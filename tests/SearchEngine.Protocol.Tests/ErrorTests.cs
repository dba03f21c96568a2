using Google.Protobuf.Reflection;
using Xunit;
using static Google.Protobuf.Reflection.MethodOptions.Types;

namespace SearchEngine.Protocol.Tests;

/// <summary>Reasons, their table in protos/README.md and the errors each RPC says it returns agree.</summary>
public sealed class ErrorTests
{
    private const string Prefix = "ERROR_REASON_";

    /// <summary>The reasons the product's design demands, whatever else the contract adds.</summary>
    private static readonly string[] Demanded =
    [
        "COLLECTION_UNKNOWN", "POINT_UNKNOWN", "COLLECTION_EXISTS", "DIMENSION_MISMATCH", "VECTOR_LENGTH",
        "VECTOR_NOT_FINITE", "VECTOR_RANGE", "VECTOR_ZERO", "DIMENSION_NOT_ALLOWED", "ENCODER_MISMATCH",
        "SIDE_MISMATCH", "ENCODER_DRIFT", "INPUT_TYPE_REQUIRED", "LIMIT_EXCEEDED", "QUOTA", "WINDOW", "FILTER_FIELD",
        "FILTER_TYPE", "FILTER_UNINDEXED", "THRESHOLD_NOT_MEANINGFUL", "TEXT_EMPTY", "TEXT_TOO_LONG", "TEXT_ENCODING",
        "OUTPUT_UNSUPPORTED", "BUILDING", "READ_ONLY", "DISK_RESERVE", "VERSION_CONFLICT", "CURSOR_EXPIRED",
        "MESSAGE_TOO_LARGE", "OVERLOADED", "RATE", "CONCURRENCY", "PREDICTED_LATE", "CHECKSUM", "QUARANTINED",
        "ENCODER_DOWN",
    ];

    [Fact]
    public void EveryDemandedReasonIsInTheTable() =>
        Expect.None(Demanded.Except(ReasonTable.Rows.Select(row => row.Reason)), reason => reason,
            "protos/README.md does not document");

    [Fact]
    public void TableAndEnumHoldTheSameReasons()
    {
        string[] table = ReasonTable.Rows.Select(row => row.Reason).ToArray();
        string[] declared = Reasons().Select(Name).ToArray();
        Expect.None(declared.Except(table), reason => reason, "In common.proto but not in protos/README.md");
        Expect.None(table.Except(declared), reason => reason, "In protos/README.md but not in common.proto");
        Assert.Equal(table.Length, table.Distinct().Count());
    }

    [Fact]
    public void TheCodeInTheCommentIsTheCodeInTheTable() =>
        Expect.None(
            from value in Reasons()
            join row in ReasonTable.Rows on Name(value) equals row.Reason
            where !Contract.Comment(value).StartsWith($"{row.Code}: ", StringComparison.Ordinal)
            select value, value => value.Name, "In common.proto its comment must begin with the code of protos/README.md");

    [Fact]
    public void EveryRpcSaysWhichErrorsItReturns() =>
        Expect.None(
            Contract.Methods.Where(method =>
                !Contract.Comment(method).Contains("Errors: COMMON", StringComparison.Ordinal)),
            method => method.FullName, "An RPC comment ends with \"Errors: COMMON; ...\"");

    [Fact]
    public void RpcErrorsNameOnlyGroupsOfTheTable() =>
        Expect.None(
            from method in Contract.Methods
            from error in ReasonTable.Errors(Contract.Comment(method))
            where error.Group is not null && !ReasonTable.Groups.Contains(error.Group)
            select $"{method.FullName} ({error.Group})", text => text, "No such group in protos/README.md");

    [Fact]
    public void RpcErrorsPairEachReasonWithItsCode() =>
        Expect.None(
            from method in Contract.Methods
            from error in ReasonTable.Errors(Contract.Comment(method))
            where error.Reason is not null
                && !ReasonTable.Rows.Any(row => row.Reason == error.Reason && row.Code == error.Code)
            select $"{method.FullName} ({error.Code} {error.Reason})", text => text, "protos/README.md has no such pair");

    [Fact]
    public void EveryReasonCanReachACaller()
    {
        var named = Contract.Methods.SelectMany(method => ReasonTable.Errors(Contract.Comment(method))).ToArray();
        HashSet<string?> groups = named.Select(error => error.Group).ToHashSet();
        HashSet<string?> reasons = named.Select(error => error.Reason).ToHashSet();
        Expect.None(
            ReasonTable.Rows.Where(row => !reasons.Contains(row.Reason) && !row.Groups.Any(groups.Contains)),
            row => row.Reason, "No RPC says it returns");
    }

    [Fact]
    public void RpcsAboutACollectionReturnItsErrors() =>
        Expect.None(
            Contract.Methods.Where(method => method.InputType.FindFieldByName("header") is { } header
                && Contract.Comment(header).Contains("names the collection", StringComparison.Ordinal)
                && ReasonTable.Errors(Contract.Comment(method)).All(error => error.Group != "COLLECTION")),
            method => method.FullName, "The header names a collection, so \"Errors:\" must hold COLLECTION");

    [Fact]
    public void IdempotencyIsSaidToPeopleAndToMachinesAlike() =>
        Expect.None(
            Contract.Methods.Where(method => IdempotentComment(method) != IdempotentOption(method)),
            method => method.FullName,
            "\"Idempotent: yes\" needs option idempotency_level, \"no\" and \"with ...\" need it absent");

    private static bool? IdempotentComment(MethodDescriptor method)
    {
        string comment = Contract.Comment(method);
        if (comment.Contains("Idempotent: yes", StringComparison.Ordinal)) return true;
        bool conditional = comment.Contains("Idempotent: no", StringComparison.Ordinal)
            || comment.Contains("Idempotent: with", StringComparison.Ordinal);
        return conditional ? false : null;
    }

    private static bool? IdempotentOption(MethodDescriptor method) =>
        method.ToProto().Options?.IdempotencyLevel is IdempotencyLevel.Idempotent or IdempotencyLevel.NoSideEffects;

    private static IEnumerable<EnumValueDescriptor> Reasons() =>
        Contract.Enums.Single(type => type.Name == "ErrorReason").Values.Where(value => value.Number != 0);

    private static string Name(EnumValueDescriptor value) => value.Name[Prefix.Length..];
}
