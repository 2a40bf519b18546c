using Edge.Testing;
using Edge.Training.Ops;

namespace Edge.Training.Tests;

public sealed class OperatorSupportTests
{
    [Fact]
    public void ToMarkdown_StandardTable_IsThePageOfTheDocumentation()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "firmware-docs", "operators.md"));
        Assert.True(OperatorSupport.ToMarkdown(OperatorTable.Standard) == page, "firmware-docs/operators.md is not what the tables say: run make operators");
    }
}
