using SearchEngine.Collections.Schema;
using SearchEngine.Rpc;

namespace SearchEngine.Server.Spaces;

/// <summary>
/// Refuses vectors of another space, of the wrong side, and of no stated origin where the collection is bound. A wrong-model vector
/// of the right dimension gives results that look like results; this is the one place where it is noticed.
/// </summary>
internal static class SpaceGuard
{
    private const int MaxSpaceBytes = 128;
    private const string NotStated = "not stated";

    /// <summary>A vector that is to be stored.</summary>
    public static void CheckDocument(IVectorField vector, Wire.VectorOrigin? origin, string path) =>
        Check(vector, origin, Wire.Side.Document, Wire.Side.Query, path);

    /// <summary>A vector to search with.</summary>
    public static void CheckQuery(IVectorField vector, Wire.VectorOrigin? origin, string path) =>
        Check(vector, origin, Wire.Side.Query, Wire.Side.Document, path);

    private static void Check(IVectorField vector, Wire.VectorOrigin? origin, Wire.Side right, Wire.Side wrong, string path)
    {
        if (origin is not null)
        {
            TextLength.Check(origin.Space, MaxSpaceBytes, $"{path}.space");
            TextLength.Check(origin.Build, MaxSpaceBytes, $"{path}.build");
            // Whatever it is bound to: a vector that says itself that it is of the other side is never right.
            if (origin.Side == wrong)
            {
                throw WrongSide(vector, origin.Side, right, path);
            }
        }
        if (BoundSpace.Of(vector) is not { } bound)
        {
            return;
        }
        if (origin?.Space != bound.Id)
        {
            throw WrongSpace(vector, origin?.Space ?? "", bound.Id, path);
        }
        if (bound.TellsSidesApart && origin.Side != right)
        {
            throw WrongSide(vector, origin.Side, right, path);
        }
    }

    private static RpcException WrongSpace(IVectorField vector, string actual, string expected, string path)
    {
        string stated = actual.Length == 0 ? NotStated : $"\"{Refusal.Shown(actual)}\"";
        // Facts are shortened to 64 bytes; both spaces are told in full, since the difference may be at their ends.
        return Refusal.Of(
                Wire.ErrorReason.EncoderMismatch, actual.Length == 0 && path.Length > 0 ? path : $"{path}.space",
                $"Vector \"{vector.Name}\" of the collection is of space \"{expected}\"; the space of the vector sent is {stated}.",
                "Encode with the collection's encoder and state its space and side in the origin.")
            .With(Refusal.ExpectedFact, expected).With(Refusal.ActualFact, actual.Length == 0 ? NotStated : actual);
    }

    private static RpcException WrongSide(IVectorField vector, Wire.Side actual, Wire.Side expected, string path) => Refusal.Of(
        Wire.ErrorReason.SideMismatch, $"{path}.side",
        $"Vector \"{vector.Name}\" takes vectors of the side {NameOf(expected)} here; the side of the vector sent is {NameOf(actual)}.",
        $"Encode on the side {NameOf(expected)} and say so in the origin.", NameOf(expected), NameOf(actual));

    private static string NameOf(Wire.Side side) => side switch
    {
        Wire.Side.Query => "QUERY",
        Wire.Side.Document => "DOCUMENT",
        Wire.Side.Symmetric => "SYMMETRIC",
        _ => NotStated,
    };
}
