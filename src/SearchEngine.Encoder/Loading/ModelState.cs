namespace SearchEngine.Encoder.Loading;

/// <summary>Whether a model serves.</summary>
internal enum ModelState
{
    /// <summary>It is being warmed up and tested.</summary>
    Starting,

    /// <summary>Its self-test passed.</summary>
    Serving,

    /// <summary>Its self-test failed; it answers no call.</summary>
    Failed,
}
