namespace SearchEngine.Cli.Remote;

/// <summary>Who reads what a command prints.</summary>
internal enum OutputForm
{
    /// <summary>A person: tables and sentences.</summary>
    Text,

    /// <summary>A program: JSON.</summary>
    Json,
}
