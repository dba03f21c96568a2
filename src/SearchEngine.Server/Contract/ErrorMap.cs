using System.Collections.Frozen;
using SearchEngine.Collections;
using SearchEngine.Collections.Schema;
using SearchEngine.Rpc;

namespace SearchEngine.Server.Contract;

/// <summary>Refusals of the engine as errors of the contract.</summary>
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
        RpcException refusal = Refusal.Of(reason, ItemErrors.Join(within, error.Field), error.What, error.Fix, error.Expected, error.Actual);
        return (error.Error, schema) switch
        {
            (_, null) => refusal,
            (CollectionError.FilterField or CollectionError.AttributeUnknown, _) => Names.WithAttributes(refusal, schema),
            (CollectionError.VectorUnknown, _) => Names.WithVectors(refusal, schema),
            _ => refusal,
        };
    }
}
