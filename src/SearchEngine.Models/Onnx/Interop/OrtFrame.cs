using System.Runtime.InteropServices;

namespace SearchEngine.Models.Onnx.Interop;

/// <summary>
/// The arguments of one Run call in native memory, laid out once and reused: names of inputs, values of inputs, names of
/// outputs, values of outputs. It owns the names and the arrays, never the values.
/// </summary>
internal sealed unsafe class OrtFrame : SafeHandle
{
    private readonly int _inputs;
    private readonly int _outputs;

    public OrtFrame(IReadOnlyList<string> inputs, IReadOnlyList<string> outputs)
        : base(0, ownsHandle: true)
    {
        _inputs = inputs.Count;
        _outputs = outputs.Count;
        SetHandle((nint)NativeMemory.AllocZeroed((nuint)(2 * (_inputs + _outputs)), (nuint)sizeof(nint)));
        for (var i = 0; i < _inputs; i++)
            InputNames[i] = Marshal.StringToCoTaskMemUTF8(inputs[i]);
        for (var i = 0; i < _outputs; i++)
            OutputNames[i] = Marshal.StringToCoTaskMemUTF8(outputs[i]);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Pointers to the values that go in, borrowed for one call.</summary>
    public Span<nint> InputValues => new(Inputs, _inputs);

    /// <summary>Pointers to the values that come out: 0 asks the library to allocate, and is where it leaves its own.</summary>
    public Span<nint> OutputValues => new(Outputs, _outputs);

    private nint* InputNames => (nint*)handle;

    private nint* Inputs => InputNames + _inputs;

    private nint* OutputNames => Inputs + _inputs;

    private nint* Outputs => OutputNames + _outputs;

    public void Run(OrtApi api, OrtHandle session, OrtRunControl control)
    {
        var run = (delegate* unmanaged<nint, nint, nint*, nint*, nuint, nint*, nuint, nint*, nint>)api[OrtSlot.Run];
        api.Check(run(
            session.DangerousGetHandle(),
            control.Pointer,
            InputNames,
            Inputs,
            (nuint)_inputs,
            OutputNames,
            (nuint)_outputs,
            Outputs));
    }

    protected override bool ReleaseHandle()
    {
        for (var i = 0; i < _inputs; i++)
            Marshal.FreeCoTaskMem(InputNames[i]);
        for (var i = 0; i < _outputs; i++)
            Marshal.FreeCoTaskMem(OutputNames[i]);
        NativeMemory.Free((void*)handle);
        return true;
    }
}
