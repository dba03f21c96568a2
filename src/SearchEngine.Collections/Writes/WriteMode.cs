namespace SearchEngine.Collections.Writes;

/// <summary>Under which condition a document is written.</summary>
public enum WriteMode
{
    /// <summary>Insert or replace.</summary>
    Upsert,

    /// <summary>Only if the id is new.</summary>
    InsertOnly,

    /// <summary>Only if the id exists.</summary>
    UpdateOnly,

    /// <summary>Only if the stored version is the one given; 0 means that the id is new.</summary>
    IfVersion,
}
