using Edge.Inference;
using Edge.Packages;

namespace Edge.Runtime;

/// <summary>What this program is.</summary>
internal static class Product
{
    /// <summary>The version of this program.</summary>
    internal static string Version { get; } = SemanticVersion.Runtime.ToString();

    /// <summary>The engine and its version; loads the engine.</summary>
    /// <exception cref="InferenceException">The engine's library is missing.</exception>
    internal static string Engine => $"ONNX Runtime {EngineEnvironment.Version}";
}
