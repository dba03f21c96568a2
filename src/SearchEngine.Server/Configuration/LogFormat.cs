namespace SearchEngine.Server.Configuration;

/// <summary>How the server's log is written.</summary>
public enum LogFormat
{
    Text = 0,

    /// <summary>A JSON object per line, for machines.</summary>
    Json = 1,
}
