namespace SearchEngine.Models.Folder;

/// <summary>Who makes the vectors.</summary>
/// <param name="Space">"s1-" and 32 hexadecimal digits: vectors can be compared only within one space.</param>
/// <param name="Build">"b1-" and 32 hexadecimal digits: precision, provider and runtime within the space.</param>
/// <param name="Weights">SHA-256 of the reference weights, which enters the space.</param>
/// <param name="ModelFile">SHA-256 of the model file in use with its weight files, which enters the build.</param>
/// <param name="Tokenizer">SHA-256 of what decides about ids, which enters the space.</param>
public sealed record ModelFingerprint(string Space, string Build, string Weights, string ModelFile, string Tokenizer);
