namespace SearchEngine.Server.Admin;

/// <summary>Fields and values of the contract that this server refuses with FIELD_NOT_SERVED, for Admin.Capabilities.</summary>
internal static class NotServed
{
    public static IReadOnlyList<string> Fields { get; } =
    [
        "RequestHeader.tenant",
        "RetrieveRequest.grouping", "RetrieveRequest.diversity",
        "Detail.DETAIL_PASSAGE",
        "WarmUp.WARM_UP_FULL",
        "CollectionSettings.limits", "CollectionSettings.recall_floor", "CollectionSettings.background_share",
        "UpdateCollectionRequest.add_texts",
    ];
}
