using SearchEngine.Server.Spaces;

namespace SearchEngine.Server.Encoders;

/// <summary>A model of one encoder process, as the process described it.</summary>
internal sealed class EncoderModel
{
    public EncoderModel(EncoderConnection connection, Wire.ModelDescription description)
    {
        Connection = connection;
        Description = description;
        Space = description.Encoder is { } encoder ? SpaceId.Of(encoder) : "";
    }

    public EncoderConnection Connection { get; }

    public Wire.ModelDescription Description { get; }

    public string Name => Description.Model;

    /// <summary>Of its vectors, computed from the descriptor: what the process claims has to agree. Empty where it gives none.</summary>
    public string Space { get; }

    public string Build => Description.Fingerprint?.Build ?? "";

    /// <summary>Models whose descriptor is of another space than they say are nobody's.</summary>
    public bool Encodes => Space.Length > 0 && Space == Description.Fingerprint?.Space && Has(Wire.ModelPurpose.Encode);

    public bool Scores => Has(Wire.ModelPurpose.Score);

    private bool Has(Wire.ModelPurpose purpose) => Description.SelfTestPassed && Description.Purposes.Contains(purpose);
}
