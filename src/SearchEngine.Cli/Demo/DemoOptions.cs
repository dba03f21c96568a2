using SearchEngine.Cli.Remote;

namespace SearchEngine.Cli.Demo;

/// <summary>How the demo runs.</summary>
/// <param name="Data">Its directory: collections, models, logs.</param>
/// <param name="Port">Of the search server; 0 takes a free one.</param>
/// <param name="Ending">What follows the tour.</param>
/// <param name="Form">Who reads the tour.</param>
internal sealed record DemoOptions(string Data, int Port, DemoEnding Ending, OutputForm Form);
