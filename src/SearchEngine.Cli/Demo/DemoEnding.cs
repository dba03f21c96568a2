namespace SearchEngine.Cli.Demo;

internal enum DemoEnding
{
    /// <summary>The servers stay up until Ctrl-C.</summary>
    StaysUp,

    /// <summary>The servers end with the tour.</summary>
    EndsWithTour,
}
