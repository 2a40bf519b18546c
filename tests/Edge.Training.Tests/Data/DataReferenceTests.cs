using Edge.Testing;
using Edge.Training.Data;

namespace Edge.Training.Tests;

public sealed class DataReferenceTests
{
    [Fact]
    public void Markdown_Page_HasIt()
    {
        string reference = DataReference.Markdown();
        Assert.All(AugmentationCatalog.Samples.Keys.Concat(AugmentationCatalog.Batches.Keys), name => Assert.Contains($"| `{name}` |", reference, StringComparison.Ordinal));
        string page = File.ReadAllText(Path.Combine(Repository.Root, "firmware-docs", "data.md"));
        Assert.True(page.Contains(reference, StringComparison.Ordinal), "firmware-docs/data.md differs from the options: paste the end of what edge train --reference prints");
    }
}
