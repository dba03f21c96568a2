using Google.Protobuf;

namespace SearchEngine.Server.Spaces;

/// <summary>
/// A binding (encoder or declared string, sides, canaries) as the opaque string that the engine keeps with a vector's schema, so that
/// it travels with the collection into snapshots and backups: "v1." and the message in base64url.
/// </summary>
internal static class SpaceCodec
{
    private const string Version1 = "v1.";

    public static string Encode(Wire.SpaceBinding binding) =>
        Version1 + System.Buffers.Text.Base64Url.EncodeToString(binding.ToByteArray());

    public static Wire.SpaceBinding Decode(string space)
    {
        try
        {
            return space.StartsWith(Version1, StringComparison.Ordinal)
                ? Wire.SpaceBinding.Parser.ParseFrom(System.Buffers.Text.Base64Url.DecodeFromChars(space.AsSpan(Version1.Length)))
                // Written by a program that used the engine itself: the string is the space.
                : new Wire.SpaceBinding { Declared = space, Sidedness = Wire.Sidedness.Symmetric };
        }
        catch (Exception damaged) when (damaged is FormatException or InvalidProtocolBufferException)
        {
            throw Refusal.Of(
                Wire.ErrorReason.Checksum, "", "The space that the collection is bound to cannot be read.", "Restore the collection from a snapshot.");
        }
    }
}
