using System.Text;
using SearchEngine.Rpc;
using SearchEngine.Server.Encoders;

namespace SearchEngine.Server.Contract;

/// <summary>Texts that are to be encoded or stored: not empty, not too long, and without characters that no text has.</summary>
internal static class TextCheck
{
    private const int MaxShown = 48;

    /// <summary>The text of a query.</summary>
    public static void Query(string text, string path)
    {
        if (text.Length == 0)
        {
            throw Empty(path);
        }
        TextLength.Check(text, EncoderLimits.MaxQueryBytes, path);
        Characters(text, path);
    }

    /// <summary>A text that a model is to read.</summary>
    public static void Document(string text, string path)
    {
        if (text.Length == 0)
        {
            throw Empty(path);
        }
        TextLength.Check(text, EncoderLimits.MaxDocumentBytes, path);
        Characters(text, path);
    }

    public static void Characters(string text, string path)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) && text[i] is not ('\t' or '\n' or '\r' or '\u0085'))
            {
                RpcException refusal = Refusal.Of(
                    Wire.ErrorReason.TextEncoding, path, $"The text has the control character U+{(int)text[i]:X4} at position {i}.",
                    "Decode the source with its right encoding, or remove the character.", actual: text[i..Math.Min(text.Length, i + MaxShown)]);
                throw refusal.With("offset", Refusal.Number(Encoding.UTF8.GetByteCount(text.AsSpan(0, i))));
            }
        }
    }

    /// <summary>A policy for texts that become one vector or score each.</summary>
    public static Wire.Truncation Truncation(Wire.Truncation policy, string path, Wire.Truncation unset = Wire.Truncation.Error) => policy switch
    {
        Wire.Truncation.Unspecified => unset,
        Wire.Truncation.Chunk => throw Refusal.Invalid(path, "Chunks are several vectors, and here is room for one.", "Use HEAD, TAIL or HEAD_TAIL, or cut the text yourself."),
        > Wire.Truncation.Chunk or < 0 => throw Refusal.Invalid(path, "There is no such policy.", "Use a value of Truncation.", Refusal.Number((int)policy)),
        _ => policy,
    };

    private static RpcException Empty(string path) =>
        Refusal.Of(Wire.ErrorReason.TextEmpty, path, "The text is empty.", "Send a text, or leave the item out.");
}
