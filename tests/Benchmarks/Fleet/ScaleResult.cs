namespace Edge.Benchmarks.Fleet;

/// <summary>A rollout over a simulated fleet.</summary>
/// <param name="Devices">Devices.</param>
/// <param name="Connections">Connections that carried them.</param>
/// <param name="Kills">How often the server was killed on the way.</param>
/// <param name="RegisterSeconds">From the first message until the server knew every device.</param>
/// <param name="RolloutSeconds">From the operator's command until the rollout was complete.</param>
/// <param name="ServerRssMB">Resident memory of the server at the end, in 10⁶ bytes.</param>
/// <param name="ServerPeakRssMB">The most resident memory of the last server process, in 10⁶ bytes.</param>
/// <param name="ServerCpuSeconds">Processor time of the server, registering included.</param>
/// <param name="BrokerCpuSeconds">Processor time of the broker.</param>
/// <param name="MessagesToServer">Messages of devices that the broker acknowledged.</param>
/// <param name="MessagesToDevices">Desired states that devices received, repeated ones included.</param>
/// <param name="DatabaseMB">The database with its log, in 10⁶ bytes.</param>
internal sealed record ScaleResult(
    int Devices, int Connections, int Kills, double RegisterSeconds, double RolloutSeconds, double ServerRssMB, double ServerPeakRssMB,
    double ServerCpuSeconds, double BrokerCpuSeconds, long MessagesToServer, long MessagesToDevices, double DatabaseMB)
{
    /// <summary>Processor time of the server for one device, in milliseconds.</summary>
    public double CpuMsPerDevice => 1000 * ServerCpuSeconds / Devices;
}
