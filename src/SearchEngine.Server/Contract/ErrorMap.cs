using System.Collections.Frozen;
using SearchEngine.Collections;
using SearchEngine.Collections.Schema;
using SearchEngine.Rpc;

namespace SearchEngine.Server.Contract;

/// <summary>Refusals of the engine as errors of the contract, and errors of one item of a batch.</summary>
internal static class ErrorMap
{
    private const string AttributePath = "attributes.";

    private static readonly FrozenDictionary<CollectionError, Wire.ErrorReason> Known = Enum.GetValues<CollectionError>().ToFrozenDictionary(
        static error => error,
        // A collection that was closed under a call has been deleted, or the process is about to end.
        static error => error == CollectionError.Closed ? Wire.ErrorReason.CollectionUnknown : Enum.Parse<Wire.ErrorReason>(error.ToString()));

    /// <param name="error">What the engine refused.</param>
    /// <param name="within">Path of what was passed to the engine, as in "points[3]"; empty for the request itself.</param>
    /// <param name="schema">Of the collection, to name what exists where something unknown was named.</param>
    public static RpcException ToRpc(CollectionException error, string within = "", CollectionSchema? schema = null)
    {
        Wire.ErrorReason reason = error.Error == CollectionError.FieldRequired && error.Field.StartsWith(AttributePath, StringComparison.Ordinal)
            ? Wire.ErrorReason.AttributeType
            : Known[error.Error];
        RpcException refusal = Refusal.Of(reason, Join(within, error.Field), error.What, error.Fix, error.Expected, error.Actual);
        return (error.Error, schema) switch
        {
            (_, null) => refusal,
            (CollectionError.FilterField or CollectionError.AttributeUnknown, _) => Names.WithAttributes(refusal, schema),
            (CollectionError.VectorUnknown, _) => Names.WithVectors(refusal, schema),
            _ => refusal,
        };
    }

    /// <summary>The same error with its field, and the fields of its violations, below another path.</summary>
    public static RpcException Within(RpcException error, string path)
    {
        if (error.Reason is null)
        {
            return error;
        }
        var moved = new RpcException(error.Code, error.Message, error.Reason, error);
        foreach ((string key, string value) in error.Facts)
        {
            moved.With(key, key == Refusal.FieldFact ? Join(path, value) : value);
        }
        foreach (Google.Rpc.BadRequest.Types.FieldViolation violation in error.FieldViolations)
        {
            moved.Field(Join(path, violation.Field), violation.Description);
        }
        return moved;
    }

    /// <summary>As one failed item of a batch that otherwise succeeds; its field is a path within the item.</summary>
    public static Wire.ItemError ToItem(RpcException error) => new()
    {
        Code = (uint)error.Code,
        Reason = Reasons.Of(error.Reason),
        Message = error.Message,
        Field = error.Facts.GetValueOrDefault(Refusal.FieldFact, ""),
        Expected = error.Facts.GetValueOrDefault(Refusal.ExpectedFact, ""),
        Actual = error.Facts.GetValueOrDefault(Refusal.ActualFact, ""),
        Limit = error.Facts.GetValueOrDefault(Refusal.LimitFact, ""),
        Fix = error.Facts.GetValueOrDefault(Refusal.FixFact, ""),
    };

    private static string Join(string path, string field) =>
        path.Length == 0 ? field : field.Length == 0 ? path : $"{path}.{field}";
}
