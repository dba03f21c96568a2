using SearchEngine.Models.Onnx.Interop;

namespace SearchEngine.Models.Onnx.Loading;

/// <summary>
/// Opens a session with the first provider of the configuration that works, and reports what became of each. A provider can
/// fail when it is appended (no driver, no library) or when the session is created; both fall back to the next.
/// </summary>
internal static class SessionOpener
{
    public static OnnxSession Open(OnnxRuntime runtime, OnnxSessionOptions options, string model, Func<nint, nint> create)
    {
        var attempts = new List<OnnxProviderAttempt>();
        var withCpu = options.Providers.Any(p => p.Name == OnnxProvider.Cpu.Name);
        Exception? last = null;
        foreach (var provider in options.Providers.TakeWhile(p => p.Name != OnnxProvider.Cpu.Name))
        {
            if (ProviderSetup.Missing(runtime, provider) is { } missing)
            {
                attempts.Add(new OnnxProviderAttempt(provider.Name, OnnxProviderOutcome.Unavailable, missing));
                continue;
            }
            try
            {
                var session = Create(runtime, options, provider, withCpu, create);
                attempts.Add(new OnnxProviderAttempt(provider.Name, OnnxProviderOutcome.Registered, ""));
                return Describe(runtime, options, model, session, attempts);
            }
            catch (OnnxException e)
            {
                last = e;
                attempts.Add(new OnnxProviderAttempt(provider.Name, OnnxProviderOutcome.Unavailable, e.Text));
            }
        }
        if (!withCpu)
        {
            throw new OnnxModelException(
                model,
                "no provider of the configuration works here, and cpu is not among them: "
                + string.Join("; ", attempts.Select(a => $"{a.Name}: {a.Reason}")),
                last);
        }
        return Describe(runtime, options, model, CreateOnCpu(runtime, options, model, create), attempts);
    }

    private static OrtHandle CreateOnCpu(OnnxRuntime runtime, OnnxSessionOptions options, string model, Func<nint, nint> create)
    {
        try
        {
            return Create(runtime, options, OnnxProvider.Cpu, withCpu: true, create);
        }
        catch (OnnxException e)
        {
            throw new OnnxModelException(model, e.Text, e);
        }
    }

    private static OrtHandle Create(
        OnnxRuntime runtime, OnnxSessionOptions options, OnnxProvider provider, bool withCpu, Func<nint, nint> create)
    {
        using var native = SessionSetup.Create(runtime.Api, options);
        ProviderSetup.Append(runtime.Api, native, provider);
        if (!withCpu)
            runtime.Api.Call(OrtSlot.AddSessionConfigEntry, native.DangerousGetHandle(), SessionSetup.NoCpuFallback, "1");
        return new OrtHandle(runtime.Api, OrtKind.Session, create(native.DangerousGetHandle()), runtime.Environment);
    }

    private static OnnxSession Describe(
        OnnxRuntime runtime, OnnxSessionOptions options, string model, OrtHandle session, List<OnnxProviderAttempt> attempts)
    {
        try
        {
            foreach (var provider in options.Providers.Where(p => attempts.All(a => a.Name != p.Name)).ToList())
            {
                // cpu is always registered: it takes the nodes that the one before it lacks.
                attempts.Add(provider.Name == OnnxProvider.Cpu.Name
                    ? new OnnxProviderAttempt(provider.Name, OnnxProviderOutcome.Registered, "")
                    : new OnnxProviderAttempt(provider.Name, OnnxProviderOutcome.NotNeeded, "one named before it serves"));
            }
            return new OnnxSession(runtime, session, SessionFacts.Read(runtime.Api, session, model, attempts));
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}
