namespace SearchEngine.Encoder;

/// <summary>The models that come with the engine: general English, trained by itself; what is served where none is named.</summary>
public static class DefaultModels
{
    /// <summary>Folders beside the application: an encoder, then a reranker.</summary>
    public static IReadOnlyList<string> Folders { get; } =
        [.. new[] { "encoder", "reranker" }.Select(name => Path.Combine(AppContext.BaseDirectory, "models", "default", name))];
}
