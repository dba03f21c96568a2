using SearchEngine.Rpc;

namespace SearchEngine.Encoder.Loading;

/// <summary>The models of this process, in the order of its options: the first of each purpose is its default.</summary>
internal sealed class ModelShelf(IReadOnlyList<LoadedModel> models) : IDisposable
{
    private const int NameBytes = 128;

    private static readonly TimeSpan RetryWhileStarting = TimeSpan.FromMilliseconds(500);

    public IReadOnlyList<LoadedModel> Models => models;

    /// <summary>The model of a name, whether it serves or not.</summary>
    public LoadedModel Find(string name, string path)
    {
        TextLength.Check(name, NameBytes, path);
        return models.FirstOrDefault(m => string.Equals(m.Name, name, StringComparison.Ordinal)) ?? throw Unknown(name, path);
    }

    /// <summary>The model of a name, or the default of a purpose, that serves the purpose now.</summary>
    public LoadedModel Require(string name, Wire.ModelPurpose purpose, string path)
    {
        var model = name.Length > 0
            ? Find(name, path)
            : models.FirstOrDefault(m => m.Purposes.Contains(purpose)) ?? throw None(purpose, path);
        if (!model.Purposes.Contains(purpose))
        {
            throw Refusal.Of(
                    Wire.ErrorReason.OutputUnsupported, path, $"The model \"{model.Name}\" does not {Verb(purpose)}.",
                    "Name a model with that purpose; Describe lists them.", Verb(purpose), string.Join(", ", model.Purposes.Select(Verb)))
                .With("model", model.Name).With("outputs", string.Join(", ", model.Purposes.Select(Verb)));
        }
        RequireServing(model);
        return model;
    }

    /// <summary>Refuses a model that is still being warmed up; whether it serves is for that to decide.</summary>
    public static void RequireStarted(LoadedModel model)
    {
        if (model.State == ModelState.Starting)
        {
            throw Refusal.Of(
                    Wire.ErrorReason.Starting, "", $"The model \"{model.Name}\" is being warmed up and tested.", "Try again after the retry delay.")
                .With("progress", "warm-up").RetryAfter(RetryWhileStarting);
        }
    }

    public void Dispose()
    {
        foreach (var model in models)
            model.Dispose();
    }

    private static void RequireServing(LoadedModel model)
    {
        RequireStarted(model);
        if (model.State == ModelState.Failed)
        {
            throw Refusal.Of(
                    Wire.ErrorReason.EncoderDrift, "", $"The model \"{model.Name}\" no longer gives its golden vectors.",
                    "Restore the model's folder, or write new golden texts; SelfTest says what differs.")
                .With("least_cosine", model.Tested!.LeastCosine.ToString("R", System.Globalization.CultureInfo.InvariantCulture))
                .With("checked", Refusal.Number(model.Tested.Texts));
        }
    }

    private RpcException Unknown(string name, string path) => Refusal.Of(
            Wire.ErrorReason.ModelUnknown, path, $"No model \"{Refusal.Shown(name)}\" is loaded.", "Use the name of one that is.", actual: name)
        .With("model", Refusal.Shown(name)).With("models", string.Join(", ", models.Select(m => m.Name)));

    private RpcException None(Wire.ModelPurpose purpose, string path) => Refusal.Of(
            Wire.ErrorReason.ModelUnknown, path, $"No model is loaded that can {Verb(purpose)}.", "Ask an encoder that has one.")
        .With("model", "").With("models", string.Join(", ", models.Select(m => m.Name)));

    private static string Verb(Wire.ModelPurpose purpose) => purpose.ToString().ToLowerInvariant();
}
