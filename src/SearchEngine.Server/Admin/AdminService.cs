using System.Security.Cryptography;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using SearchEngine.Collections;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Configuration;
using SearchEngine.Server.Operations;
using SearchEngine.Server.Security;

namespace SearchEngine.Server.Admin;

/// <summary>searchengine.v1.Admin.</summary>
/// <param name="keys">Null where nobody is asked for a key.</param>
internal sealed class AdminService(ServerState server, ServerHandle handle, ServerWatch watch, LimitBook limits, KeyRing? keys)
{
    /// <summary>The day of the newest addition to the contract that this server knows.</summary>
    private const string ContractDay = "2026-11-21";

    private readonly Timestamp _started = Timestamp.FromDateTimeOffset(server.Time.GetUtcNow());
    private readonly LogStreams _logs = new(server, watch);
    private readonly Drains _drains = new(handle, server.Time);

    public ValueTask<Wire.VersionReply> Version(Wire.VersionRequest request, ServerCall call)
    {
        CallContext context = Begin(call, request.Header);
        return ValueTask.FromResult(new Wire.VersionReply
        {
            Header = context.ReplyHeader(),
            ServerVersion = ServerState.Version,
            Role = Wire.ServerRole.Search,
            Commit = ServerState.Commit,
            Contract = ContractDay,
            Started = _started,
        });
    }

    public ValueTask<Wire.CapabilitiesReply> Capabilities(Wire.CapabilitiesRequest request, ServerCall call)
    {
        CallContext context = Begin(call, request.Header);
        var reply = new Wire.CapabilitiesReply
        {
            Limits = limits.InForce.Limits,
            Caller = Describe(context.Caller),
            Encodings = { "gzip" },
            Encoder = server.Encoders.Connections.Count == 0
                ? Wire.EncoderLink.None
                : server.Encoders.Connections.Any(static c => c.Failure is null) ? Wire.EncoderLink.Connected : Wire.EncoderLink.Down,
            Kernels = EngineReport.Kernels,
        };
        reply.Methods.Add(handle.Services.SelectMany(static s => s.Methods).Where(static m => m.IsServed).Select(static m => m.Path[1..]).Order(StringComparer.Ordinal));
        reply.FieldsNotServed.Add(NotServed.Fields);
        reply.RerankModels.Add(server.Encoders.Connections.SelectMany(static c => c.Models).Where(static m => m.Scores).Select(static m => m.Name).Distinct(StringComparer.Ordinal));
        reply.Header = context.ReplyHeader();
        return ValueTask.FromResult(reply);
    }

    public ValueTask<Wire.GetLimitsReply> GetLimits(Wire.GetLimitsRequest request, ServerCall call)
    {
        CallContext context = Begin(call, request.Header);
        (Wire.Limits now, ulong version) = limits.InForce;
        return ValueTask.FromResult(new Wire.GetLimitsReply { Header = context.ReplyHeader(), Limits = now, LimitsVersion = version });
    }

    public ValueTask<Wire.SetLimitsReply> SetLimits(Wire.SetLimitsRequest request, ServerCall call)
    {
        CallContext context = Begin(call, request.Header);
        Wire.Limits change = request.Limits ?? throw Refusal.Required("limits", "Set the limits to change.");
        (Wire.Limits now, ulong version) = limits.Change(change, request.HasExpectedLimitsVersion ? request.ExpectedLimitsVersion : null);
        return ValueTask.FromResult(new Wire.SetLimitsReply { Header = context.ReplyHeader(), Limits = now, LimitsVersion = version });
    }

    public ValueTask SlowLog(Wire.SlowLogRequest request, ReplyStream<Wire.SlowLogFrame> replies, ServerCall call) =>
        _logs.SlowAsync(request, Begin(call, request.Header), replies);

    public ValueTask WrongLog(Wire.WrongLogRequest request, ReplyStream<Wire.WrongLogFrame> replies, ServerCall call)
    {
        CallContext context = request.Header is { Collection.Length: > 0 } ? CallContext.Of(server, call, request.Header) : CallContext.Without(call, request.Header);
        return _logs.WrongAsync(request, context, replies);
    }

    public ValueTask Drain(Wire.DrainRequest request, ReplyStream<Wire.DrainFrame> replies, ServerCall call) =>
        _drains.RunAsync(request, Begin(call, request.Header), replies);

    public async ValueTask<Wire.ReloadCertificatesReply> ReloadCertificates(Wire.ReloadCertificatesRequest request, ServerCall call)
    {
        CallContext context = Begin(call, request.Header);
        RpcServer rpc = await handle.Rpc.ConfigureAwait(false);
        try
        {
            var reply = new Wire.ReloadCertificatesReply();
            reply.Certificates.Add(rpc.ReloadCertificates().Select(static used => new Wire.CertificateDescription
            {
                Subject = used.Certificate.Subject,
                Sha256 = ByteString.CopyFrom(SHA256.HashData(used.Certificate.RawDataMemory.Span)),
                NotBefore = Timestamp.FromDateTime(used.Certificate.NotBefore.ToUniversalTime()),
                NotAfter = Timestamp.FromDateTime(used.Certificate.NotAfter.ToUniversalTime()),
                Use = used.IsAuthority ? Wire.CertificateUse.ClientAuthority : Wire.CertificateUse.Server,
            }));
            reply.Header = context.ReplyHeader();
            return reply;
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw Refusal.Of(
                Wire.ErrorReason.ConfigurationInvalid, "", $"The certificate files cannot be used: {unusable.Message}", "Repair them; those in use stay in use.")
                .With("file", (unusable as FileNotFoundException)?.FileName ?? "");
        }
    }

    public ValueTask<Wire.ReloadKeysReply> ReloadKeys(Wire.ReloadKeysRequest request, ServerCall call)
    {
        CallContext context = Begin(call, request.Header);
        if (keys is null)
        {
            throw Refusal.Of(Wire.ErrorReason.ConfigurationInvalid, "", "The server was started without a key file.", "Start it with one.").With("file", "");
        }
        try
        {
            KeyChanges changes = keys.Reload();
            var reply = new Wire.ReloadKeysReply { Keys = (uint)changes.Keys };
            reply.Added.Add(changes.Added);
            reply.Removed.Add(changes.Removed);
            reply.Changed.Add(changes.Changed);
            reply.Header = context.ReplyHeader();
            return ValueTask.FromResult(reply);
        }
        catch (ConfigurationException unusable)
        {
            throw Refusal.Of(Wire.ErrorReason.ConfigurationInvalid, "", unusable.What, unusable.Fix)
                .With("file", Refusal.Shown(unusable.Source)).With("line", Refusal.Number(unusable.Line));
        }
    }

    private static CallContext Begin(ServerCall call, Wire.RequestHeader? header) => header is { Collection.Length: > 0 }
        ? throw Refusal.Invalid("header.collection", "The call is about no collection.", "Leave it empty.", header.Collection)
        : CallContext.Without(call, header);

    private static Wire.Caller Describe(Caller caller)
    {
        var described = new Wire.Caller
        {
            KeyName = caller.Name,
            FilterInjection = caller.Injected is null ? Wire.FilterInjection.None : Wire.FilterInjection.Active,
        };
        described.Collections.Add(caller.Collections?.Listed ?? []);
        foreach ((Permissions own, Wire.Permission told) in ((Permissions, Wire.Permission)[])
            [(Permissions.Read, Wire.Permission.Read), (Permissions.Write, Wire.Permission.Write), (Permissions.Admin, Wire.Permission.Admin)])
        {
            if ((caller.Permissions & own) != 0)
            {
                described.Permissions.Add(told);
            }
        }
        return described;
    }
}
