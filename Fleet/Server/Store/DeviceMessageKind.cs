namespace Edge.Fleet.Store;

/// <summary>What devices say, by the topic on which they say it. The numbers are kept in databases.</summary>
internal enum DeviceMessageKind
{
    Reported = 0,
    Status = 1,
    Health = 2,
}
