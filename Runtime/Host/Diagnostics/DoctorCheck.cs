namespace Edge.Runtime.Diagnostics;

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">What.</param>
/// <param name="Ok">Whether it works.</param>
/// <param name="Needed">Whether the runtime cannot do without it.</param>
/// <param name="Detail">What was found, or what is wrong and what to do.</param>
internal sealed record DoctorCheck(string Name, bool Ok, bool Needed, string Detail);
