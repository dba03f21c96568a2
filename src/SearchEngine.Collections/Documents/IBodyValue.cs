namespace SearchEngine.Collections.Documents;

/// <summary>An entry of a stored body as callers get it.</summary>
internal interface IBodyValue<TValue>
{
    TValue ToValue();
}
