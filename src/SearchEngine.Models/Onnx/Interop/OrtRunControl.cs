namespace SearchEngine.Models.Onnx.Interop;

/// <summary>The run options of one run: how a running computation is told to stop. The library looks between two nodes.</summary>
internal sealed class OrtRunControl(OrtApi api) : IDisposable
{
    private readonly OrtHandle _options = new(api, OrtKind.RunOptions, api.Make(OrtSlot.CreateRunOptions));
    private volatile bool _stopped;

    public nint Pointer => _options.DangerousGetHandle();

    public CancellationTokenRegistration StopOn(CancellationToken cancel) =>
        cancel.UnsafeRegister(static control => ((OrtRunControl)control!).Stop(), this);

    /// <summary>After the registration is disposed, which waits for a stop in progress: makes the options usable again.</summary>
    public void Rearm()
    {
        if (!_stopped)
            return;
        api.Call(OrtSlot.RunOptionsUnsetTerminate, Pointer);
        _stopped = false;
    }

    public void Dispose() => _options.Dispose();

    private void Stop()
    {
        _stopped = true;
        api.Call(OrtSlot.RunOptionsSetTerminate, Pointer);
    }
}
