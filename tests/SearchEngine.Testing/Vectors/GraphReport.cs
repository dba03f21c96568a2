namespace SearchEngine.Testing.Vectors;

/// <summary>What a <see cref="GraphValidator"/> found on the ground level and above it.</summary>
public sealed record GraphReport(
    IReadOnlyList<string> Faults, double MeanDegree, double Reciprocity, int Orphans, int Unreachable);
