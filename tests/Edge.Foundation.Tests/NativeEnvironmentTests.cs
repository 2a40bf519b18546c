namespace Edge.Foundation.Tests;

public sealed class NativeEnvironmentTests
{
    [Fact]
    public void Set_NewValue_NativeCodeSeesIt()
    {
        NativeEnvironment.Set("EDGE_TEST_VARIABLE", "one");
        Assert.Equal("one", NativeEnvironment.Get("EDGE_TEST_VARIABLE"));
    }

    [Fact]
    public void Set_WithoutOverwrite_KeepsTheUsersValue()
    {
        NativeEnvironment.Set("EDGE_TEST_KEEP", "mine");
        NativeEnvironment.Set("EDGE_TEST_KEEP", "yours", overwrite: false);
        Assert.Equal("mine", NativeEnvironment.Get("EDGE_TEST_KEEP"));
    }

    [Fact]
    public void Get_NotSet_ReturnsNull() => Assert.Null(NativeEnvironment.Get("EDGE_TEST_NOT_THERE"));
}
