namespace SearchEngine.Models.Tokenizers;

/// <summary>A token found in the text before the model sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
/// <param name="SingleWord">Only where no word character touches it.</param>
/// <param name="StripLeft">It takes the white space before it.</param>
/// <param name="StripRight">It takes the white space behind it.</param>
/// <param name="IsNormalized">It is sought in the normalized text, else in the text as it came.</param>
/// <param name="IsSpecial">It means something to the model, such as [SEP].</param>
public sealed record AddedToken(
    int Id, string Content, bool SingleWord, bool StripLeft, bool StripRight, bool IsNormalized, bool IsSpecial);
