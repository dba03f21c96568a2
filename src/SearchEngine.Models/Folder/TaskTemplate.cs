namespace SearchEngine.Models.Folder;

/// <summary>What surrounds a text for one task; "{text}" stands for the text.</summary>
/// <param name="Task">The name requests use.</param>
/// <param name="Side">The side it applies to; Symmetric applies to every side.</param>
public sealed record TaskTemplate(string Task, EncoderSide Side, string Template);
