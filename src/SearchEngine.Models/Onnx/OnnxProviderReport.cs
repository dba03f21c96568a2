namespace SearchEngine.Models.Onnx;

/// <summary>Which providers were tried for a session, and which of them was given the nodes.</summary>
/// <param name="Attempts">In the order of the configuration.</param>
/// <param name="Assigned">Most nodes first; empty where the library cannot tell (before 1.25, or incomplete).</param>
public sealed record OnnxProviderReport(
    IReadOnlyList<OnnxProviderAttempt> Attempts, IReadOnlyList<OnnxProviderNodes> Assigned)
{
    /// <summary>Whether the session told which provider runs which node.</summary>
    public bool AssignmentKnown => Assigned.Count > 0;

    /// <summary>The provider that runs most nodes; null where the session cannot tell.</summary>
    public string? Running => AssignmentKnown ? Assigned[0].Provider : null;

    public override string ToString()
    {
        var assigned = AssignmentKnown
            ? string.Join(", ", Assigned.Select(a => $"{a.Provider} runs {a.Nodes} nodes"))
            : "which provider runs the nodes is not known";
        var refused = Attempts.Where(a => a.Outcome == OnnxProviderOutcome.Unavailable).Select(a => $"{a.Name}: {a.Reason}");
        return string.Join("; ", refused.Prepend(assigned));
    }
}
