using System.Reflection;

namespace Edge.Cli;

/// <summary>Which Edge this is.</summary>
internal static class Product
{
    internal static string Version { get; } = typeof(Product).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
