namespace SearchEngine.Models.Tokenizers.Unicode;

internal enum UnicodeForm
{
    Nfc,
    Nfd,
    Nfkc,
    Nfkd,
}
