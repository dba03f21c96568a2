using SearchEngine.Models.Tokenizers.Text;
using SearchEngine.Models.Tokenizers.Unicode;

namespace SearchEngine.Models.Tokenizers.Normalizers;

/// <summary>NFC, NFD, NFKC or NFKD by Unicode 9.0, as the reference has it.</summary>
internal sealed class UnicodeFormNormalizer(UnicodeForm form) : Normalizer
{
    /// <summary>Below it the form changes nothing and nothing composes with what follows.</summary>
    private readonly char _firstAffected = form switch
    {
        UnicodeForm.Nfc => '\u0300',
        UnicodeForm.Nfd => '\u00C0',
        _ => '\u00A0',
    };

    public override void Normalize(
        TextBuffer source, int start, int end, TextBuffer target, int origin, EncodeScratch scratch)
    {
        var chars = source.Chars[..end];
        if (IsNormal(chars[start..]))
        {
            target.Append(source, start, end - start);
            return;
        }
        var characters = scratch.Characters;
        characters.Clear();
        for (var index = start; index < end;)
        {
            NormalizationAlgorithm.Decompose(CodePoints.Read(chars, ref index), form, characters);
        }
        NormalizationAlgorithm.Sort(characters);
        if (form is UnicodeForm.Nfc or UnicodeForm.Nfkc)
        {
            NormalizationAlgorithm.Compose(characters);
        }
        var transform = new AlignedTransform(source, start, end, target, origin);
        foreach (var character in characters)
        {
            transform.Write(character.CodePoint, character.Change);
        }
    }

    public override void Describe(FingerprintWriter fingerprint) => fingerprint.Add(form.ToString());

    private bool IsNormal(ReadOnlySpan<char> text)
    {
        foreach (var unit in text)
        {
            if (unit >= _firstAffected)
            {
                return false;
            }
        }
        return true;
    }
}
