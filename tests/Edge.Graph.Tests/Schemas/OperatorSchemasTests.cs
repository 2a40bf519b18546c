using Edge.Graph.Schemas;

namespace Edge.Graph.Tests.Schemas;

public sealed class OperatorSchemasTests
{
    [Theory]
    [InlineData("Conv", 7, 1)]
    [InlineData("Conv", 11, 11)]
    [InlineData("Conv", 21, 11)]
    [InlineData("Conv", 22, 22)]
    [InlineData("ReduceMean", 17, 13)]
    [InlineData("ReduceMean", 18, 18)]
    [InlineData("Relu", 99, 14)]
    public void Find_Version_TakesTheNewestThatIsNotNewer(string name, long version, int since) =>
        Assert.Equal(since, OperatorSchemas.Find("", name, version)!.SinceVersion);

    [Theory]
    [InlineData("", "Gelu", 19, SchemaLookup.Newer)]
    [InlineData("", "Gelu", 20, SchemaLookup.Found)]
    [InlineData("", "Upsample", 9, SchemaLookup.Found)]
    [InlineData("", "Upsample", 10, SchemaLookup.Deprecated)]
    [InlineData("", "Scatter", 11, SchemaLookup.Deprecated)]
    [InlineData("", "Convolution", 17, SchemaLookup.UnknownOperator)]
    [InlineData("", "Convolution", 99, SchemaLookup.NotCovered)]
    [InlineData("ai.onnx.ml", "TreeEnsembleClassifier", 4, SchemaLookup.Found)]
    [InlineData("com.microsoft", "FusedConv", 1, SchemaLookup.NotCovered)]
    public void Look_NameAndVersion_SaysWhatIsKnown(string domain, string name, long version, SchemaLookup expected) =>
        Assert.Equal(expected, OperatorSchemas.Look(domain, name, version, out _));

    [Fact]
    public void All_EveryLineOfTheTable_HasDistinctVersionsAndResolvableTypes()
    {
        Assert.All(OperatorSchemas.All.GroupBy(schema => (schema.Domain, schema.Name)), group =>
            Assert.Equal(group.Count(), group.Select(schema => schema.SinceVersion).Distinct().Count()));
        Assert.True(OperatorSchemas.All.Count() > 600);
        Assert.Equal(26, OperatorSchemas.LatestVersion(""));
    }

    [Fact]
    public void Find_VariadicAndOptional_CountsFollow()
    {
        OperatorSchema loop = OperatorSchemas.Find("", "Loop", 11)!;
        Assert.Equal((2, int.MaxValue), (loop.MinimumInputs, loop.MaximumInputs));
        Assert.False(loop.Input(9)!.IsUniform);
        OperatorSchema clip = OperatorSchemas.Find("", "Clip", 11)!;
        Assert.Equal((1, 3), (clip.MinimumInputs, clip.MaximumInputs));
        Assert.True(OperatorSchemas.Find("", "Split", 18)!.Attributes.ContainsKey("num_outputs"));
        Assert.False(OperatorSchemas.Find("", "Split", 13)!.Attributes.ContainsKey("num_outputs"));
    }

    [Theory]
    [InlineData("seq(f32")]
    [InlineData("f33")]
    [InlineData("list(f32)")]
    public void Parse_TypeSetThatIsWrong_IsRefused(string text) => Assert.Throws<FormatException>(() => TypeSet.Parse(text));

    [Fact]
    public void Allows_NestedTypes_AreToldApart()
    {
        TypeSet set = TypeSet.Parse("f32+seq(i64)+opt(f16+seq(bool))");
        Assert.True(set.Allows(new TensorType(ElementType.Float, null)));
        Assert.False(set.Allows(new TensorType(ElementType.Int64, null)));
        Assert.True(set.Allows(new SequenceType(new TensorType(ElementType.Int64, null))));
        Assert.False(set.Allows(new SequenceType(new TensorType(ElementType.Float, null))));
        Assert.True(set.Allows(new OptionalType(new SequenceType(new TensorType(ElementType.Bool, null)))));
        Assert.False(set.Allows(new OptionalType(new SequenceType(new TensorType(ElementType.Float16, null)))));
    }
}
