using SearchEngine.Models.Onnx.Interop;

namespace SearchEngine.Models.Onnx;

/// <summary>
/// The arguments of a call, made once and executed many times: set the inputs, execute, read the outputs. One thread at a time
/// uses a run; runs of one session execute side by side. After warm-up an execution allocates nothing on the managed heap.
/// </summary>
public sealed class OnnxRun : IDisposable
{
    private readonly OnnxSession _session;
    private readonly OrtFrame _frame;
    private readonly OrtRunControl _control;
    private readonly OnnxTensor?[] _inputs;
    private readonly int[] _outputIndexes;
    private readonly OnnxOutput[] _outputs;
    private readonly long[] _sizes;
    private int _entered;
    private int _executing;
    private bool _disposed;

    internal OnnxRun(OnnxSession session, int[] outputs)
    {
        _session = session;
        _outputIndexes = outputs;
        _outputs = [.. outputs.Select(o => new OnnxOutput(session.Api, session.Outputs[o]))];
        _inputs = new OnnxTensor[session.Inputs.Count];
        _sizes = new long[session.Signature.Symbols];
        _frame = new OrtFrame([.. session.Inputs.Select(i => i.Name)], [.. outputs.Select(o => session.Outputs[o].Name)]);
        _control = new OrtRunControl(session.Api);
    }

    /// <summary>The outputs in the order in which they were named; read them after <see cref="Execute"/>.</summary>
    public IReadOnlyList<OnnxOutput> Outputs => _outputs;

    /// <summary>Sets an input by its place in the session's inputs; it stays set until it is set again.</summary>
    public void SetInput(int index, OnnxTensor tensor) => _inputs[index] = tensor;

    /// <summary>
    /// Lets an output (by its place in <see cref="Outputs"/>) go to the caller's tensor, which must have the right shape; null
    /// lets ONNX Runtime allocate it again, which is the default.
    /// </summary>
    public void SetOutput(int index, OnnxTensor? tensor)
    {
        _outputs[index].Clear();
        _outputs[index].Target = tensor;
    }

    /// <summary>Computes the outputs. On any exception they are empty and the run can be executed again.</summary>
    /// <exception cref="OnnxTensorException">A tensor does not fit what the model declares.</exception>
    /// <exception cref="OnnxException">ONNX Runtime failed.</exception>
    /// <exception cref="OperationCanceledException">The computation was stopped, between two of its nodes.</exception>
    /// <exception cref="InvalidOperationException">An input is not set, or another thread executes this run.</exception>
    public void Execute(CancellationToken cancel = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Interlocked.Exchange(ref _executing, 1) != 0)
            throw new InvalidOperationException("The run is being executed by another thread: make one run per thread.");
        try
        {
            foreach (var output in _outputs)
                output.Clear();
            cancel.ThrowIfCancellationRequested();
            Check();
            Call(cancel);
        }
        finally
        {
            Volatile.Write(ref _executing, 0);
        }
    }

    /// <exception cref="InvalidOperationException">Another thread executes this run: cancel it and wait first.</exception>
    public void Dispose()
    {
        if (_disposed)
            return;
        if (Interlocked.Exchange(ref _executing, 1) != 0)
            throw new InvalidOperationException("The run is being executed: cancel it and wait before disposing it.");
        _disposed = true;
        foreach (var output in _outputs)
            output.Dispose();
        _control.Dispose();
        _frame.Dispose();
    }

    private void Check()
    {
        OnnxSignature.Forget(_sizes);
        for (var i = 0; i < _inputs.Length; i++)
        {
            var tensor = _inputs[i]
                ?? throw new InvalidOperationException($"The input '{_session.Inputs[i].Name}' is not set.");
            _session.Signature.CheckInput(i, tensor, _sizes);
        }
        for (var i = 0; i < _outputs.Length; i++)
        {
            if (_outputs[i].Target is { } target)
                _session.Signature.CheckOutput(_outputIndexes[i], target, _sizes);
        }
    }

    private void Call(CancellationToken cancel)
    {
        var sessionAdded = false;
        _entered = 0;
        try
        {
            _session.Handle.DangerousAddRef(ref sessionAdded);
            Enter();
            Run(cancel);
            for (var i = 0; i < _outputs.Length; i++)
                _outputs[i].Own(_frame.OutputValues[i]);
            foreach (var output in _outputs)
                output.Read();
        }
        catch
        {
            foreach (var output in _outputs)
                output.Clear();
            throw;
        }
        finally
        {
            Leave();
            if (sessionAdded)
                _session.Handle.DangerousRelease();
        }
    }

    private void Run(CancellationToken cancel)
    {
        var registration = _control.StopOn(cancel);
        try
        {
            _frame.Run(_session.Api, _session.Handle, _control);
        }
        catch (OnnxException e) when (cancel.IsCancellationRequested)
        {
            throw new OperationCanceledException("The run was stopped.", e, cancel);
        }
        finally
        {
            registration.Dispose();
            _control.Rearm();
        }
    }

    private void Enter()
    {
        for (var i = 0; i < _inputs.Length; i++, _entered++)
        {
            _inputs[i]!.Enter();
            _frame.InputValues[i] = _inputs[i]!.Value;
        }
        for (var i = 0; i < _outputs.Length; i++, _entered++)
        {
            _outputs[i].Target?.Enter();
            _frame.OutputValues[i] = _outputs[i].Target?.Value ?? 0;
        }
    }

    /// <summary>Lets go of what was entered, which after a failure half-way is less than all.</summary>
    private void Leave()
    {
        for (var i = 0; i < _entered; i++)
        {
            if (i < _inputs.Length)
                _inputs[i]!.Leave();
            else
                _outputs[i - _inputs.Length].Target?.Leave();
        }
    }
}
