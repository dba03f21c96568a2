namespace SearchEngine.Models.Folder;

/// <summary>How batches are filled up.</summary>
/// <param name="Id">The token that padding is written with; masked, so its vector never counts.</param>
/// <param name="Side">Models with absolute positions depend on it.</param>
public sealed record EncoderPadding(int Id, PaddingSide Side)
{
    public static readonly EncoderPadding Default = new(0, PaddingSide.Right);
}
