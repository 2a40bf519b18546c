namespace Edge.Runtime.Tests;

/// <summary>One package for a class of tests.</summary>
public sealed class TestModelFixture : IDisposable
{
    internal TestModel Model { get; } = new();

    public void Dispose() => Model.Dispose();
}
