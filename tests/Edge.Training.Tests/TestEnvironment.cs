using System.Runtime.CompilerServices;
using Edge.Foundation;

namespace Edge.Training.Tests;

internal static class TestEnvironment
{
    [ModuleInitializer]
    internal static void Initialize() => NativeEnvironment.Set("ORT_DISABLE_TELEMETRY", "1");
}
