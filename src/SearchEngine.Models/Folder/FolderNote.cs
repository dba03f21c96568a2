namespace SearchEngine.Models.Folder;

/// <summary>Where a part of a descriptor comes from, for people who open a folder they did not make.</summary>
/// <param name="Subject">The part, as encoder.json calls it.</param>
/// <param name="IsGuess">Nothing in the folder says so; write an encoder.json to settle it.</param>
/// <param name="Text">What was taken, and from where.</param>
public sealed record FolderNote(string Subject, bool IsGuess, string Text)
{
    public override string ToString() => $"{Subject}: {(IsGuess ? "guessed, " : "")}{Text}";
}
