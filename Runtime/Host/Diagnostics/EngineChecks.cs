using Edge.Foundation;
using Edge.Inference;

namespace Edge.Runtime.Diagnostics;

/// <summary>Looks at the inference engine.</summary>
internal static class EngineChecks
{
    internal static void Add(List<DoctorCheck> checks)
    {
        DoctorCheck engine = Doctor.Check("engine", needed: true, () => $"ONNX Runtime {EngineEnvironment.Version}, {EngineEnvironment.LibraryPath}");
        checks.Add(engine);
        if (!engine.Ok)
        {
            return;
        }
        string? telemetry = NativeEnvironment.Get(EngineEnvironment.TelemetryVariable);
        checks.Add(new DoctorCheck("engine telemetry", telemetry == "1", Needed: true,
            telemetry == "1" ? $"off ({EngineEnvironment.TelemetryVariable}=1 as native code reads it)" : $"{EngineEnvironment.TelemetryVariable} is not set"));
        foreach (ProviderStatus status in Providers.Probe())
        {
            bool isCpu = status.Provider == ExecutionProvider.Cpu;
            checks.Add(new DoctorCheck($"provider {Providers.Name(status.Provider)}", status.IsUsable, isCpu, status.IsUsable ? "usable" : status.Reason));
        }
    }
}
