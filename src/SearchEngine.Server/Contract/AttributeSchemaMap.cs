using SearchEngine.Collections.Schema;

namespace SearchEngine.Server.Contract;

/// <summary>Declarations of attributes, both ways. The enums of engine and contract have the same numbers.</summary>
internal static class AttributeSchemaMap
{
    public static AttributeSchema Read(Wire.AttributeSchema declared, string path)
    {
        Names.Check(declared.Name, Names.MaxPartBytes, $"{path}.name");
        if (declared.Type == Wire.AttributeType.Unspecified)
        {
            throw Refusal.Required($"{path}.type", "State the type of the attribute.");
        }
        if (!Enum.IsDefined((AttributeType)declared.Type))
        {
            throw Refusal.Invalid($"{path}.type", "There is no such type.", "Use a value of AttributeType.", Refusal.Number((int)declared.Type));
        }
        if (declared.Index != 0 && !Enum.IsDefined((AttributeIndex)declared.Index))
        {
            throw Refusal.Invalid($"{path}.index", "There is no such index.", "Use AUTO.", Refusal.Number((int)declared.Index));
        }
        return new AttributeSchema
        {
            Name = declared.Name,
            Type = (AttributeType)declared.Type,
            IsArray = declared.Multiplicity == Wire.Multiplicity.Array,
            IsRequired = declared.Presence == Wire.Presence.Required,
            Index = declared.Index == 0 ? AttributeIndex.Auto : (AttributeIndex)declared.Index,
        };
    }

    public static Wire.AttributeSchema Write(AttributeSchema attribute) => new()
    {
        Name = attribute.Name,
        Type = (Wire.AttributeType)attribute.Type,
        Multiplicity = attribute.IsArray ? Wire.Multiplicity.Array : Wire.Multiplicity.Single,
        Presence = attribute.IsRequired ? Wire.Presence.Required : Wire.Presence.Optional,
        Index = (Wire.AttributeIndex)attribute.Index,
    };
}
