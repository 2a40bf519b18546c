using System.Xml.Linq;
using Edge.Testing;

namespace Edge.Architecture.Tests;

/// <summary>Arrows between projects point one way: see firmware-docs/architecture.md.</summary>
public sealed class ArrowTests
{
    // What a project may reference, itself or through others. A project that is not listed may not be there.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Edge.Foundation"] = [],
        ["Edge.OnnxRuntime"] = [],
        ["Edge.Packages"] = ["Edge.Foundation"],
        ["Edge.Imaging"] = ["Edge.Foundation"],
        ["Edge.Inference"] = ["Edge.Foundation", "Edge.OnnxRuntime", "Edge.Packages", "Edge.Imaging"],
        ["Edge.Mqtt"] = ["Edge.Foundation"],
        ["Edge.Hardware"] = ["Edge.Foundation"],
        ["Edge.Fleet.Protocol"] = ["Edge.Foundation"],
        ["Edge.Agent"] = ["Edge.Foundation", "Edge.Packages", "Edge.Mqtt", "Edge.Fleet.Protocol"],
        ["Edge.Runtime"] = ["Edge.Foundation", "Edge.OnnxRuntime", "Edge.Packages", "Edge.Imaging", "Edge.Inference", "Edge.Hardware", "Edge.Mqtt", "Edge.Agent", "Edge.Fleet.Protocol"],
        ["Edge.Fleet"] = ["Edge.Foundation", "Edge.Packages", "Edge.Mqtt", "Edge.Fleet.Protocol"],
        ["Edge.Graph"] = ["Edge.Foundation", "Edge.OnnxRuntime"],
        ["Edge.Torch"] = ["Edge.Foundation"],
        ["Edge.Training"] = ["Edge.Foundation", "Edge.OnnxRuntime", "Edge.Graph", "Edge.Torch", "Edge.Packages", "Edge.Imaging", "Edge.Inference"],
        ["Edge.Zoo"] = ["Edge.Foundation", "Edge.OnnxRuntime", "Edge.Graph"],
        ["Edge.Judging"] = ["Edge.Foundation", "Edge.OnnxRuntime", "Edge.Graph", "Edge.Torch", "Edge.Training", "Edge.Packages", "Edge.Imaging", "Edge.Inference"],
        ["Edge.Reports"] = ["Edge.Foundation"],
        ["Edge.Quantizer"] = ["Edge.Foundation", "Edge.OnnxRuntime", "Edge.Graph", "Edge.Training", "Edge.Torch", "Edge.Packages", "Edge.Imaging", "Edge.Inference"],
        ["Edge.Cli"] =
        [
            "Edge.Foundation", "Edge.OnnxRuntime", "Edge.Graph", "Edge.Torch", "Edge.Training", "Edge.Zoo", "Edge.Judging", "Edge.Reports", "Edge.Quantizer",
            "Edge.Packages", "Edge.Imaging", "Edge.Inference", "Edge.Mqtt", "Edge.Fleet.Protocol", "Edge.Fleet",
        ],
    };

    private static readonly string[] HostPackages = ["Google.Protobuf", "Grpc.Tools", "Spectre.Console"];

    [Fact]
    public void References_EveryProject_PointOnlyWhereTheyMay()
    {
        var wrong = new List<string>();
        foreach ((string name, XDocument project) in Projects())
        {
            if (!Allowed.TryGetValue(name, out string[]? allowed))
            {
                wrong.Add($"{name} is not in the list of projects");
                continue;
            }
            wrong.AddRange(References(project).Where(target => !allowed.Contains(target)).Select(target => $"{name} → {target}"));
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void Allowed_EveryArrow_IsClosedAndWithoutCircles()
    {
        foreach ((string name, string[] targets) in Allowed)
        {
            Assert.DoesNotContain(name, targets);
            foreach (string target in targets)
            {
                Assert.Empty(Allowed[target].Except(targets));
            }
        }
    }

    [Fact]
    public void DeviceProjects_Packages_HoldNoHostLibrary()
    {
        foreach ((string name, XDocument project) in Projects("Runtime", "Device", "Fleet/Protocol"))
        {
            Assert.DoesNotContain(project.Descendants("PackageReference"), package => HostPackages.Contains(package.Attribute("Include")!.Value));
            Assert.DoesNotContain(References(project), target => target is "Edge.Graph" or "Edge.Torch" or "Edge.Training" or "Edge.Quantizer" or "Edge.Zoo");
            Assert.NotEqual("", name);
        }
    }

    [Fact]
    public void Projects_Frameworks_FollowTheSideTheyStandOn()
    {
        // The side is derived from the folder in Directory.Build.props; a project that sets its own would escape it.
        Assert.All(Projects(), item => Assert.Empty(item.Project.Descendants("TargetFramework")));
        Assert.All(Projects(), item => Assert.Empty(item.Project.Descendants("TargetFrameworks")));
    }

    [Fact]
    public void Solution_EveryProject_IsInIt()
    {
        string solution = File.ReadAllText(Path.Combine(Repository.Root, "Edge.sln")).Replace('\\', '/');
        foreach (string file in Files(".").Concat(Files("tests")).Distinct())
        {
            string relative = Path.GetRelativePath(Repository.Root, file);
            Assert.Contains($"\"{relative}\"", solution, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<(string Name, XDocument Project)> Projects(params string[] folders) =>
        (folders.Length > 0 ? folders : ["Converter", "Quantizer", "Runtime", "Device", "Fleet"])
            .SelectMany(Files)
            .Select(file => (Path.GetFileNameWithoutExtension(file), XDocument.Load(file)));

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories)
            .Select(Path.GetFullPath)
            .Where(file => !file.StartsWith(Path.Combine(Repository.Root, "out"), StringComparison.Ordinal));

    private static IEnumerable<string> References(XDocument project) =>
        project.Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
}
