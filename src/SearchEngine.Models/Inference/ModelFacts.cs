using SearchEngine.Models.Folder;

namespace SearchEngine.Models.Inference;

/// <summary>What opening a folder found out.</summary>
internal sealed record ModelFacts(
    string Folder, EncoderDescriptor Descriptor, ModelFingerprint Fingerprint, IReadOnlyList<FolderNote> Notes, InputRole[] Inputs);
