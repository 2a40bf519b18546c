namespace Edge.Agent.State;

/// <summary>The places of a package: two slots that take turns, and what the device was delivered with.</summary>
internal static class SlotName
{
    internal const string A = "a";
    internal const string B = "b";
    internal const string Factory = "factory";

    /// <summary>The slot that a new release goes to.</summary>
    internal static string Idle(string running) => running == A ? B : A;
}
