using SearchEngine.Rpc;

namespace SearchEngine.Contract;

/// <summary>An error of a call as the error of one of its items, and an item's error below the path of the item.</summary>
public static class ItemErrors
{
    /// <summary>The same error with its field, and the fields of its violations, below another path.</summary>
    public static RpcException Within(RpcException error, string path)
    {
        if (error.Reason is null)
        {
            return error;
        }
        var moved = new RpcException(error.Code, error.Message, error.Reason, error);
        foreach ((string key, string value) in error.Facts)
        {
            moved.With(key, key == Refusal.FieldFact ? Join(path, value) : value);
        }
        foreach (Google.Rpc.BadRequest.Types.FieldViolation violation in error.FieldViolations)
        {
            moved.Field(Join(path, violation.Field), violation.Description);
        }
        foreach (Google.Rpc.QuotaFailure.Types.Violation violation in error.QuotaViolations)
        {
            moved.Quota(violation.Subject, violation.Description);
        }
        return error.RetryDelay is { } delay ? moved.RetryAfter(delay) : moved;
    }

    /// <summary>As one failed item of a batch that otherwise succeeds; its field is a path within the item.</summary>
    public static Wire.ItemError ToItem(RpcException error) => new()
    {
        Code = (uint)error.Code,
        Reason = Reasons.Of(error.Reason),
        Message = error.Message,
        Field = error.Facts.GetValueOrDefault(Refusal.FieldFact, ""),
        Expected = error.Facts.GetValueOrDefault(Refusal.ExpectedFact, ""),
        Actual = error.Facts.GetValueOrDefault(Refusal.ActualFact, ""),
        Limit = error.Facts.GetValueOrDefault(Refusal.LimitFact, ""),
        Fix = error.Facts.GetValueOrDefault(Refusal.FixFact, ""),
    };

    /// <summary>The path of a field below another one; either may be empty.</summary>
    public static string Join(string path, string field) =>
        path.Length == 0 ? field : field.Length == 0 ? path : $"{path}.{field}";
}
