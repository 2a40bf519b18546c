using Edge.Testing;
using Edge.Training.Optimizers;
using Edge.Training.Recipes;
using Edge.Training.Schedules;

namespace Edge.Training.Tests.Recipes;

public sealed class RecipeTests
{
    private const string Least = "model: {name: mlp}\ndata: {source: fashion-mnist}\n";

    [Fact]
    public void Load_EverySection_FillsTheOptions()
    {
        Recipe recipe = Load("""
            name: full
            task: classify
            seed: 7
            data:
              source: digits
              validation: 0.2
              window: 30
            model:
              name: convnet
              dropout: 0.25
            loss: {name: focal, gamma: 1.5, classWeights: [1, 2]}
            optimizer:
              name: sgd
              learningRate: 0.1
              momentum: 0
              groups:
                - {match: conv1/*, rate: 0.1}
                - {match: "*/bias", decay: 0}
            schedule: {name: one-cycle, rise: 0.2, warmup: 1}
            training:
              epochs: 12
              batch: 64
              accumulate: 2
              clipNorm: 1
              average: 0.99
              patience: 3
              precision: bf16
              seconds: 90
            finetune: {headOnly: true, freeze: "conv*"}
            goal: {metric: f1, target: 0.9}
            """);
        Assert.Equal("full", recipe.Name);
        TrainerOptions options = recipe.Options();
        Assert.Equal((12, 64, 2, 7ul, 0.2), (options.Epochs, options.BatchSize, options.Accumulate, options.Seed, options.ValidationFraction));
        Assert.Equal((1.0, 0.99, 3, true), (options.ClipNorm!.Value, options.Average!.Value, options.Patience!.Value, options.KeepBest));
        Assert.Equal(TimeSpan.FromSeconds(90), options.TimeBudget);
        Assert.Equal(Precision.BFloat16, options.Precision);
        Assert.Equal(("focal", 1.5), (options.Loss.Name, options.Loss.Gamma));
        Assert.Equal([1, 2], options.Loss.ClassWeights!);
        SgdOptions sgd = Assert.IsType<SgdOptions>(options.Optimizer);
        Assert.Equal((0.1, 0.0, false), (sgd.LearningRate, sgd.Momentum, sgd.Nesterov));
        Assert.Equal([new ParameterGroup("conv1/*", 0.1), new ParameterGroup("*/bias", 1, 0)], sgd.Groups);
        Assert.Equal(new OneCycleSchedule { Rise = 0.2, Warmup = 1 }, options.Schedule);
        Assert.Equal(("30", "0.25"), (recipe.DataKeys["window"].Text, recipe.ModelKeys["dropout"].Text));
        Assert.True(recipe.FineTuning.HeadOnly);
        Assert.Equal(["conv*"], recipe.FineTuning.Freeze);
        Assert.True(recipe.Goal.IsReached(0.9));
        Assert.False(recipe.Goal.IsReached(0.89));
    }

    [Fact]
    public void Load_LeastRecipe_HasTheTrainersDefaults()
    {
        TrainerOptions options = Load(Least).Options();
        var defaults = new TrainerOptions();
        Assert.Equal((defaults.Epochs, defaults.BatchSize, defaults.ValidationFraction, defaults.Seed), (options.Epochs, options.BatchSize, options.ValidationFraction, options.Seed));
        Assert.Equal(new CosineSchedule(), options.Schedule);
        Assert.Equal("adam", options.Optimizer.Name);
        Assert.False(options.KeepBest);
    }

    [Theory]
    [InlineData("optimiser: {name: sgd}", "r.yaml:3", "did you mean 'optimizer'?")]
    [InlineData("training:\n  epoch: 3", "r.yaml:4", "did you mean 'epochs'?")]
    [InlineData("training: {epochs: 0}", "r.yaml:3", "1 to 1000000")]
    [InlineData("training: {epochs: 1.5}", "r.yaml:3", "whole number")]
    [InlineData("training: {epochs: [1]}", "r.yaml:3", "one value")]
    [InlineData("training: 5", "r.yaml:3", "is a section")]
    [InlineData("optimizer:\n  learningRate: -1", "r.yaml:4", "above 0")]
    [InlineData("optimizer: {learningRate: NaN}", "r.yaml:3", "above 0")]
    [InlineData("optimizer: {name: adamm}", "r.yaml:3", "did you mean 'adam'?")]
    [InlineData("optimizer: {name: adam, momentum: 0.9}", "r.yaml:3", "belongs to sgd, rmsprop")]
    [InlineData("optimizer: {groups: [{mach: x}]}", "r.yaml:3", "did you mean 'match'?")]
    [InlineData("optimizer: {groups: [{rate: 1}]}", "r.yaml:3", "has no 'match'")]
    [InlineData("optimizer: {groups: {rate: 1}}", "r.yaml:3", "list of maps")]
    [InlineData("loss: {name: mse, labelSmoothing: 0.1}", "r.yaml:3", "belongs to cross-entropy")]
    [InlineData("loss: {classWeights: 3}", "r.yaml:3", "list of numbers")]
    [InlineData("loss: {balanced: maybe}", "r.yaml:3", "true or false")]
    [InlineData("seed: 1\nseed: 2", "r.yaml:4", "written twice")]
    [InlineData("seed: &a 1", "r.yaml:3", "anchors")]
    [InlineData("seed: !!int 1", "r.yaml:3", "tags")]
    [InlineData("seed: [1", "r.yaml:", "no YAML")]
    [InlineData("---\nseed: 1", "r.yaml:", "second document")]
    [InlineData("name: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: 1}}}}}}}}}}}}}}", "r.yaml:3", "nested deeper")]
    [InlineData("task: gan", "r", "gan.discriminator")]
    public void Load_Mistake_IsOneLineWithPlaceAndHint(string text, string place, string hint)
    {
        var e = Assert.Throws<TrainingException>(() => Load(Least + text + "\n"));
        Assert.Contains(place, e.Message, StringComparison.Ordinal);
        Assert.Contains(hint, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Load_DeepFlow_IsRefusedBeforeTheStackEnds() =>
        Assert.Contains("nested deeper", Assert.Throws<TrainingException>(() => Load("a: " + new string('[', 50_000))).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_NothingToTrain_SaysWhatIsMissing()
    {
        Assert.Contains("model.name", Assert.Throws<TrainingException>(() => Load("")).Message, StringComparison.Ordinal);
        Assert.Contains("data.source", Assert.Throws<TrainingException>(() => Load("model: {name: mlp}")).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<TrainingException>(() => Recipe.Load("/nowhere/r.yaml")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Overrides_StandInForTheFile()
    {
        Recipe recipe = Load(Least + "training: {epochs: 3}\n", RecipeOverride.Parse("training.epochs=9"), RecipeOverride.Parse("loss.classWeights=[1, 2]"));
        Assert.Equal(9, recipe.Options().Epochs);
        Assert.Equal([1, 2], recipe.Options().Loss.ClassWeights!);
        var e = Assert.Throws<TrainingException>(() => Load(Least, RecipeOverride.Parse("training.epoch=9")));
        Assert.StartsWith("--set training.epoch: ", e.Message, StringComparison.Ordinal);
        Assert.Throws<TrainingException>(() => RecipeOverride.Parse("epochs"));
        Assert.Throws<TrainingException>(() => Load(Least + "seed: 1\n", RecipeOverride.Parse("seed.a=9")));
    }

    [Fact]
    public void Hash_DependsOnWhatDecidesTheModelOnly()
    {
        string hash = Load(Least).Hash;
        Assert.Equal(hash, Load("# a comment\ndata:\n  source: fashion-mnist\nmodel:\n  name: 'mlp'\nname: other\ndevice: cpu\n").Hash);
        Assert.NotEqual(hash, Load(Least + "seed: 2\n").Hash);
    }

    [Fact]
    public void Text_ReadAgain_IsTheSameRecipe()
    {
        Recipe recipe = Load("""
            model: {name: ../a folder/it's.onnx, dropout: 0.25}
            data: {source: 'a: b, #c', augment: [flip, {crop: {padding: 2}}], normal: [Ankle boot, "null"]}
            optimizer: {groups: [{match: "*/bias", decay: 0}]}
            loss: {classWeights: [1, -0, 2.5e-3]}
            """);
        Recipe again = Recipe.Parse(recipe.Text, "again");
        Assert.Equal(recipe.Text, again.Text);
        Assert.Equal(recipe.Hash, again.Hash);
        Assert.Equal("a: b, #c", again.DataSource);
        Assert.Equal("../a folder/it's.onnx", again.Model);
        Assert.Equal(["Ankle boot", "null"], again.Normal);
        Assert.Equal("*/bias", Assert.Single(again.Options().Optimizer.Groups).Match);
        Assert.Equal("2", again.Augment!.Items![1].Entries!["crop"].Entries!["padding"].Text);
    }

    [Fact]
    public void Schema_EveryKey_IsListedOnceAndDocumented()
    {
        Assert.Equal(RecipeSchema.Keys.Count, RecipeSchema.Keys.Select(key => key.Path).Distinct().Count());
        Assert.All(RecipeSchema.Keys, key => Assert.EndsWith(".", key.Description, StringComparison.Ordinal));
        string page = File.ReadAllText(Path.Combine(Repository.Root, "firmware-docs", "recipes.md"));
        Assert.True(page.Contains(RecipeReference.Markdown(), StringComparison.Ordinal), "firmware-docs/recipes.md differs from the schema: paste what edge train --reference prints");
    }

    [Fact]
    public void Bind_Options_TakesKeysByNameAndRefusesOthers()
    {
        Recipe recipe = Load(Least.Replace("mlp}", "mlp, batchSize: 3, shuffle: true, seed: 4, prefech: 1}", StringComparison.Ordinal));
        var e = Assert.Throws<TrainingException>(() => RecipeBinder.Bind(new Training.Data.LoaderOptions(), recipe.ModelKeys, "loader"));
        Assert.Contains("did you mean 'prefetch'?", e.Message, StringComparison.Ordinal);
        Dictionary<string, RecipeValue> keys = recipe.ModelKeys.Where(item => item.Key != "prefech").ToDictionary();
        Training.Data.LoaderOptions options = RecipeBinder.Bind(new Training.Data.LoaderOptions(), keys, "loader");
        Assert.Equal((3, true, 4ul), (options.BatchSize, options.Shuffle, options.Seed));
        Assert.Contains(("shuffle", "true, false", "false"), RecipeBinder.Describe(new Training.Data.LoaderOptions()));
    }

    private static Recipe Load(string text, params RecipeOverride[] overrides)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["r.yaml"], text);
        return Recipe.Load(folder["r.yaml"], overrides);
    }
}
