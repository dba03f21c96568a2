using Google.Protobuf.Reflection;
using SearchEngine.Rpc.Wire;

namespace SearchEngine.Rpc.Server;

/// <summary>One method of a service as the server knows it: its contract, its limits, and what serves it.</summary>
public sealed class ServerMethod
{
    internal ServerMethod(MethodDescriptor descriptor, MessageLimits limits, CallDelegate? handler)
    {
        Descriptor = descriptor;
        Limits = limits;
        Handler = handler;
        Path = $"/{descriptor.Service.FullName}/{descriptor.Name}";
        Tally = new MethodTally(descriptor.Service.FullName, descriptor.Name);
        Texts = TextPlan.Of(descriptor.InputType);
    }

    public MethodDescriptor Descriptor { get; }

    /// <summary><c>/package.Service/Method</c>.</summary>
    public string Path { get; }

    public MessageLimits Limits { get; internal set; }

    /// <summary>False for a method of the contract that this server answers with UNIMPLEMENTED.</summary>
    public bool IsServed => Handler is not null;

    internal bool IsServedWhileDraining { get; set; }

    /// <summary>The handler itself; null when nothing serves the method.</summary>
    internal CallDelegate? Handler { get; }

    /// <summary>The handler behind the server's interceptors; set when the server starts.</summary>
    internal CallDelegate? Pipeline { get; set; }

    internal MethodTally Tally { get; }

    /// <summary>Where its requests have text; null where they have none.</summary>
    internal TextPlan? Texts { get; }

    internal string ErrorDomain { get; set; } = "";

    public override string ToString() => Path;
}
