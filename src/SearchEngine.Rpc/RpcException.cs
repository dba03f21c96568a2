using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;

namespace SearchEngine.Rpc;

/// <summary>
/// A call that ends with a status other than OK, with the standard rich details. Thrown by handlers to end a call and by
/// clients to report one. The message is for people; <see cref="Reason"/> and the details are for programs.
/// </summary>
public sealed class RpcException : Exception
{
    private readonly ErrorInfo? _info;
    private BadRequest? _badRequest;
    private QuotaFailure? _quotaFailure;

    public RpcException(StatusCode code, string message, string? reason = null, Exception? cause = null)
        : base(message, cause)
    {
        if (code == StatusCode.Ok) throw new ArgumentOutOfRangeException(nameof(code), "OK is not an error.");
        Code = code;
        if (reason is not null) _info = new ErrorInfo { Reason = reason };
    }

    private RpcException(StatusCode code, string message, IEnumerable<Any> details)
        : base(message)
    {
        Code = code;
        foreach (Any detail in details)
        {
            if (detail.TryUnpack(out ErrorInfo info)) _info = info;
            else if (detail.TryUnpack(out BadRequest bad)) _badRequest = bad;
            else if (detail.TryUnpack(out QuotaFailure quota)) _quotaFailure = quota;
            else if (detail.TryUnpack(out RetryInfo retry)) RetryDelay = retry.RetryDelay?.ToTimeSpan();
            else OtherDetails.Add(detail);
        }
    }

    public StatusCode Code { get; }

    /// <summary>The machine-readable reason (ErrorInfo.reason), for example DIMENSION_MISMATCH.</summary>
    public string? Reason => _info?.Reason;

    /// <summary>ErrorInfo.domain: who defines the reason.</summary>
    public string? Domain => _info?.Domain;

    /// <summary>ErrorInfo.metadata: what was expected, what came, the limit, the fix.</summary>
    public IReadOnlyDictionary<string, string> Facts => (IReadOnlyDictionary<string, string>?)_info?.Metadata
        ?? System.Collections.Frozen.FrozenDictionary<string, string>.Empty;

    public IReadOnlyList<BadRequest.Types.FieldViolation> FieldViolations => _badRequest?.FieldViolations.ToArray() ?? [];

    public IReadOnlyList<QuotaFailure.Types.Violation> QuotaViolations => _quotaFailure?.Violations.ToArray() ?? [];

    /// <summary>How long to wait before trying again; null when the server did not say.</summary>
    public TimeSpan? RetryDelay { get; private set; }

    /// <summary>Details of types this library does not know.</summary>
    public IList<Any> OtherDetails { get; } = [];

    /// <summary>Trailing metadata that travels with the status.</summary>
    public Metadata Trailers { get; init; } = new();

    /// <summary>Adds a fact to ErrorInfo.metadata; the exception must have been given a reason.</summary>
    public RpcException With(string key, string value)
    {
        ErrorInfo info = _info ?? throw new InvalidOperationException("Facts need a reason: pass one to the constructor.");
        info.Metadata[key] = value;
        return this;
    }

    /// <summary>Names the request field that is wrong, as a path such as <c>query.vector.dimension</c>.</summary>
    public RpcException Field(string path, string description)
    {
        _badRequest ??= new BadRequest();
        _badRequest.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = path, Description = description });
        return this;
    }

    public RpcException Quota(string subject, string description)
    {
        _quotaFailure ??= new QuotaFailure();
        _quotaFailure.Violations.Add(new QuotaFailure.Types.Violation { Subject = subject, Description = description });
        return this;
    }

    public RpcException RetryAfter(TimeSpan delay)
    {
        RetryDelay = delay;
        return this;
    }

    /// <summary>The status as it travels in <c>grpc-status-details-bin</c>, or null when there is nothing beyond code and message.</summary>
    internal Google.Rpc.Status? ToRichStatus(string domain)
    {
        var status = new Google.Rpc.Status { Code = (int)Code, Message = Message };
        if (_info is not null)
        {
            if (_info.Domain.Length == 0) _info.Domain = domain;
            status.Details.Add(Any.Pack(_info));
        }
        if (_badRequest is not null) status.Details.Add(Any.Pack(_badRequest));
        if (_quotaFailure is not null) status.Details.Add(Any.Pack(_quotaFailure));
        if (RetryDelay is { } delay) status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = delay.ToDuration() }));
        status.Details.Add(OtherDetails);
        return status.Details.Count == 0 ? null : status;
    }

    /// <summary>Rebuilds the exception a server threw. Details that cannot be read never hide the status itself.</summary>
    internal static RpcException FromTrailers(StatusCode code, string message, ReadOnlyMemory<byte>? details, Metadata trailers)
    {
        IEnumerable<Any> any = [];
        if (details is { } bytes)
        {
            try
            {
                any = Google.Rpc.Status.Parser.ParseFrom(bytes.Span).Details;
            }
            catch (InvalidProtocolBufferException)
            {
                message += " (its rich details could not be read)";
            }
        }
        return new RpcException(code, message, any) { Trailers = trailers };
    }
}
