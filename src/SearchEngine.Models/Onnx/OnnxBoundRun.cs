using SearchEngine.Models.Onnx.Interop;

namespace SearchEngine.Models.Onnx;

/// <summary>
/// A call whose inputs and outputs are bound once to tensors of the caller's. One thread at a time uses it; runs of one session
/// execute side by side. After warm-up an execution allocates nothing on the managed heap.
/// </summary>
public sealed class OnnxBoundRun : IDisposable
{
    private readonly OnnxSession _session;
    private readonly OrtHandle _binding;
    private readonly OrtRunControl _control;
    private readonly OnnxTensor?[] _tensors;
    private readonly int[] _bound;
    private readonly int[] _outputIndexes;
    private readonly byte[][] _names;
    private readonly long[] _sizes;
    private readonly bool _onHost;
    private int _entered;
    private int _executing;
    private bool _disposed;

    internal OnnxBoundRun(OnnxSession session, int[] outputs)
    {
        _session = session;
        _outputIndexes = outputs;
        _tensors = new OnnxTensor[session.Inputs.Count + outputs.Length];
        _bound = new int[_tensors.Length];
        var names = session.Inputs.Select(i => i.Name).Concat(outputs.Select(o => session.Outputs[o].Name));
        _names = [.. names.Select(OrtApi.Utf8)];
        _sizes = new long[session.Signature.Symbols];
        _onHost = session.Providers.Attempts.All(a =>
            a.Name == OnnxProvider.Cpu.Name || a.Outcome != OnnxProviderOutcome.Registered);
        _control = new OrtRunControl(session.Api);
        _binding = new OrtHandle(
            session.Api,
            OrtKind.IoBinding,
            session.Api.Make(OrtSlot.CreateIoBinding, session.Handle.DangerousGetHandle()),
            session.Handle);
    }

    /// <summary>Binds an input by its place in the session's inputs. The tensor may be reshaped and refilled between runs.</summary>
    public void SetInput(int index, OnnxTensor tensor) => Set(index, _session.Inputs.Count, 0, tensor);

    /// <summary>Binds an output by its place among the outputs that were named; its shape must be right at each run.</summary>
    public void SetOutput(int index, OnnxTensor tensor) => Set(index, _outputIndexes.Length, _session.Inputs.Count, tensor);

    /// <summary>Computes the outputs into their tensors.</summary>
    /// <exception cref="OnnxTensorException">A tensor does not fit what the model declares.</exception>
    /// <exception cref="OnnxException">ONNX Runtime failed.</exception>
    /// <exception cref="OperationCanceledException">The computation was stopped, between two of its nodes.</exception>
    /// <exception cref="InvalidOperationException">A tensor is not set, or another thread executes this run.</exception>
    public void Execute(CancellationToken cancel = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Interlocked.Exchange(ref _executing, 1) != 0)
            throw new InvalidOperationException("The run is being executed by another thread: make one run per thread.");
        var sessionAdded = false;
        _entered = 0;
        try
        {
            cancel.ThrowIfCancellationRequested();
            _session.Handle.DangerousAddRef(ref sessionAdded);
            Check();
            for (; _entered < _tensors.Length; _entered++)
                _tensors[_entered]!.Enter();
            Bind();
            Run(cancel);
        }
        finally
        {
            for (var i = 0; i < _entered; i++)
                _tensors[i]!.Leave();
            if (sessionAdded)
                _session.Handle.DangerousRelease();
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
        _binding.Dispose();
        _control.Dispose();
    }

    private void Set(int index, int count, int offset, OnnxTensor tensor)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
        _tensors[offset + index] = tensor;
        _bound[offset + index] = 0;
    }

    private void Check()
    {
        OnnxSignature.Forget(_sizes);
        var inputs = _session.Inputs.Count;
        for (var i = 0; i < _tensors.Length; i++)
        {
            if (_tensors[i] is not { } tensor)
                throw new InvalidOperationException($"Input or output {i} of the run is not set.");
            if (i < inputs)
                _session.Signature.CheckInput(i, tensor, _sizes);
            else
                _session.Signature.CheckOutput(_outputIndexes[i - inputs], tensor, _sizes);
        }
    }

    /// <summary>
    /// Binds what is new or was reshaped. Away from the host an input is copied when it is bound, so there each run binds again.
    /// </summary>
    private void Bind()
    {
        for (var i = 0; i < _tensors.Length; i++)
        {
            var isInput = i < _session.Inputs.Count;
            if (_bound[i] == _tensors[i]!.Generation && (_onHost || !isInput))
                continue;
            var slot = isInput ? OrtSlot.BindInput : OrtSlot.BindOutput;
            _session.Api.Call(slot, _binding.DangerousGetHandle(), _names[i], _tensors[i]!.Value);
            _bound[i] = _tensors[i]!.Generation;
        }
    }

    private void Run(CancellationToken cancel)
    {
        var registration = _control.StopOn(cancel);
        try
        {
            var binding = _binding.DangerousGetHandle();
            if (!_onHost)
                _session.Api.Call(OrtSlot.SynchronizeBoundInputs, binding);
            _session.Api.Call(OrtSlot.RunWithBinding, _session.Handle.DangerousGetHandle(), _control.Pointer, binding);
            if (!_onHost)
                _session.Api.Call(OrtSlot.SynchronizeBoundOutputs, binding);
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
}
