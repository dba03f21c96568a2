namespace SearchEngine.Models.Folder;

/// <summary>Where shorter texts of a batch are filled up.</summary>
public enum PaddingSide
{
    Right,
    Left,
}
