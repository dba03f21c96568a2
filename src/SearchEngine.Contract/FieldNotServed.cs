using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace SearchEngine.Contract;

/// <summary>Refuses what the contract has and this server does not serve.</summary>
public static class FieldNotServed
{
    private const string Instead = "Leave it unset; Admin.Capabilities and the server's README say what is served.";

    /// <summary>Refuses the first of the named fields that is set.</summary>
    /// <param name="message">Any message of the contract.</param>
    /// <param name="path">Of the message within the request; empty for the request itself.</param>
    /// <param name="fields">Proto names of its fields.</param>
    public static void Check(IMessage message, string path, params ReadOnlySpan<string> fields)
    {
        foreach (string name in fields)
        {
            FieldDescriptor field = message.Descriptor.FindFieldByName(name)
                ?? throw new ArgumentException($"{message.Descriptor.FullName} has no field {name}.", nameof(fields));
            if (IsSet(message, field))
            {
                throw Refusal.NotServed(path.Length == 0 ? name : $"{path}.{name}", Instead);
            }
        }
    }

    /// <summary>For a value, rather than a field, that is not served.</summary>
    public static void When(bool used, string path)
    {
        if (used)
        {
            throw Refusal.NotServed(path, Instead);
        }
    }

    private static bool IsSet(IMessage message, FieldDescriptor field)
    {
        if (field.HasPresence)
        {
            return field.Accessor.HasValue(message);
        }
        object value = field.Accessor.GetValue(message);
        return value switch
        {
            System.Collections.ICollection items => items.Count > 0,
            string text => text.Length > 0,
            ByteString bytes => bytes.Length > 0,
            _ => !value.Equals(Activator.CreateInstance(value.GetType())),
        };
    }
}
