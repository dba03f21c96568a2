using System.Globalization;
using SearchEngine.Rpc;

namespace SearchEngine.Server.Encoders;

/// <summary>What goes wrong with encoders, as errors of the search contract: which encoder, and when to come again.</summary>
internal static class EncoderErrors
{
    public const string EncoderFact = "encoder";

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private static readonly string Overloaded = Reasons.NameOf(Wire.ErrorReason.Overloaded);
    private static readonly string PredictedLate = Reasons.NameOf(Wire.ErrorReason.PredictedLate);

    /// <summary>The process does not answer, or not as an encoder would; as opposed to one that refuses.</summary>
    public static bool IsAbsence(RpcException failed) => failed.Code switch
    {
        StatusCode.Unavailable => failed.Reason != Overloaded && failed.Reason != PredictedLate,
        // A connection that breaks under a call may say any of these; an encoder gives its reasons.
        StatusCode.Internal or StatusCode.Unknown or StatusCode.Cancelled => failed.Reason is null,
        _ => false,
    };

    /// <summary>Another attempt may succeed, elsewhere or later.</summary>
    public static bool MayPass(RpcException failed) => IsAbsence(failed) || failed.Reason == Overloaded;

    public static RpcException None(string field) => Refusal.Of(
        Wire.ErrorReason.EncoderNone, field, "A text cannot be encoded here: the vector is bound to no described encoder, or the server is connected to none.",
        "Send a vector, or bind the vector to a model when the collection is made and start the server with --encoder.");

    public static RpcException Down(string encoders, string why) => Refusal.Of(
            Wire.ErrorReason.EncoderDown, "", $"The encoder {encoders} cannot be reached: {why}",
            "Try again after the retry delay, or search by vector.", actual: encoders)
        .With(EncoderFact, encoders).RetryAfter(RetryDelay);

    public static RpcException Mismatch(string vector, string expected, string actual, string encoders) => Refusal.Of(
            Wire.ErrorReason.EncoderMismatch, "",
            $"Vector \"{vector}\" of the collection is of space \"{expected}\"; the connected encoders ({encoders}) give \"{actual}\".",
            "Start an encoder with the collection's model, or make a new collection for the other one.")
        // In full: the difference may be at their ends.
        .With(Refusal.ExpectedFact, expected).With(Refusal.ActualFact, actual).With(EncoderFact, encoders);

    public static RpcException Drift(string vector, Wire.CanaryReport report)
    {
        string cosine = report.LeastCosine.ToString("R", CultureInfo.InvariantCulture);
        return Refusal.Of(
                Wire.ErrorReason.EncoderDrift, "",
                $"The encoder no longer gives the vectors of vector \"{vector}\": of {report.Canaries} canaries the worst has cosine {cosine} with what it was.",
                "Start the encoder with the model and build the collection was made with; CheckCanaries says what differs.", actual: report.Fingerprint?.Build ?? "")
            .With("least_cosine", cosine).With("checked", Refusal.Number((long)report.Canaries));
    }

    /// <summary>The warning that another build than the collection's encoded a text, after it had given the canary vectors.</summary>
    public static Wire.Warning OtherBuild(Wire.Fingerprint made, string field) => new()
    {
        Kind = Wire.WarningKind.BuildChanged,
        Field = field,
        Message = $"The encoder's build is {Refusal.Shown(made.Build)}, not the one the collection was made with; it gives the canary vectors.",
    };

    /// <summary>An answer that no encoder of the contract gives: nothing of it is used.</summary>
    public static RpcException Nonsense(string encoder, string what) => Refusal.Of(
            Wire.ErrorReason.InternalFault, "", $"The encoder {encoder} answered with {what}.", "Look at the encoder's version and log.")
        .With(EncoderFact, encoder);

    public static RpcException UnknownModel(string model, string field, IEnumerable<string> known)
    {
        string what = model.Length == 0 ? "No connected encoder has a model for this." : $"No connected encoder has a model \"{Refusal.Shown(model)}\" for this.";
        return Refusal.Of(Wire.ErrorReason.ModelUnknown, field, what, "Use a model that an encoder has loaded.", actual: model)
            .With("model", Refusal.Shown(model)).With("models", string.Join(", ", known));
    }

    /// <summary>A failed call as its caller's error.</summary>
    /// <param name="failed">As the encoder answered.</param>
    /// <param name="encoder">Which.</param>
    /// <param name="pathOf">Where a field of the encoder's request stands in the caller's; empty for nowhere.</param>
    public static RpcException Of(RpcException failed, EncoderConnection encoder, Func<string, string> pathOf)
    {
        if (IsAbsence(failed))
        {
            RpcException down = Down(encoder.Name, failed.Message);
            return failed.RetryDelay is { } delay ? down.RetryAfter(delay) : down;
        }
        if (failed.Code == StatusCode.DeadlineExceeded)
        {
            return Refusal.Of(
                Wire.ErrorReason.Deadline, "", $"The time was over before the encoder {encoder.Name} had answered.", "Allow more time.").With(EncoderFact, encoder.Name);
        }
        Wire.ErrorReason reason = Reasons.Of(failed.Reason);
        var moved = new RpcException(
            reason == 0 ? StatusCode.Internal : Reasons.CodeOf(reason), $"Encoder {encoder.Name}: {failed.Message}",
            Reasons.NameOf(reason == 0 ? Wire.ErrorReason.InternalFault : reason), failed);
        foreach ((string key, string value) in failed.Facts)
        {
            moved.With(key, key == Refusal.FieldFact ? pathOf(value) : value);
        }
        foreach (Google.Rpc.BadRequest.Types.FieldViolation violation in failed.FieldViolations)
        {
            moved.Field(pathOf(violation.Field), violation.Description);
        }
        moved.With(EncoderFact, encoder.Name);
        return failed.RetryDelay is { } after ? moved.RetryAfter(after) : moved;
    }
}
