using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Edge.Testing;

namespace Edge.Cli.Tests;

/// <summary>A few scenes of bars, blocks and frames, made by <c>edge synth</c>.</summary>
public sealed class SmallScenes : IAsyncLifetime
{
    private const int ItemSide = 16;
    private const int ItemCount = 30;
    private readonly TemporaryFolder _folder = new();

    public string Folder => _folder["scenes"];

    /// <summary>The items, as IDX files of three classes.</summary>
    public string Items => _folder["items"];

    /// <summary>Twelve annotated scenes of 64×64.</summary>
    public string Train => Path.Combine(Folder, "train.json");

    /// <summary>The same without the objects of the third class.</summary>
    public string TwoClasses => Path.Combine(Folder, "two.json");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Items);
        foreach (string part in (string[])["train", "t10k"])
        {
            WriteItems(part);
        }
        CommandResult made = await EdgeCommand.RunAsync("synth", "-o", Folder, "--scenes", "12", "--val", "2", "--size", "64", "--items", "4", "--data", Items, "--png");
        Assert.True(made.ExitCode == 0, made.Error);
        JsonNode coco = JsonNode.Parse(await File.ReadAllTextAsync(Train))!;
        JsonArray categories = coco["categories"]!.AsArray(), annotations = coco["annotations"]!.AsArray();
        int third = categories[2]!["id"]!.GetValue<int>();
        categories.RemoveAt(2);
        foreach (JsonNode? annotation in annotations.ToArray())
        {
            if (annotation!["category_id"]!.GetValue<int>() == third)
            {
                annotations.Remove(annotation);
            }
        }
        await File.WriteAllTextAsync(TwoClasses, coco.ToJsonString());
    }

    /// <summary>The scenes as pictures of two classes, for a classifier.</summary>
    public string Folders()
    {
        string[] pictures = [.. Directory.GetFiles(Path.Combine(Folder, "train")).Order(StringComparer.Ordinal)];
        for (int i = 0; i < pictures.Length; i++)
        {
            string target = _folder[$"classes/{(i % 2 == 0 ? "even" : "odd")}"];
            Directory.CreateDirectory(target);
            File.Copy(pictures[i], Path.Combine(target, Path.GetFileName(pictures[i])), overwrite: true);
        }
        return _folder["classes"];
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private void WriteItems(string part)
    {
        byte[] images = new byte[16 + (ItemCount * ItemSide * ItemSide)], labels = new byte[8 + ItemCount];
        Header(images, 0x803, ItemCount, ItemSide, ItemSide);
        Header(labels, 0x801, ItemCount);
        for (int item = 0; item < ItemCount; item++)
        {
            int kind = item % 3;
            labels[8 + item] = (byte)kind;
            for (int place = 0; place < ItemSide * ItemSide; place++)
            {
                (int y, int x) = Math.DivRem(place, ItemSide);
                bool isInside = kind switch
                {
                    0 => y is >= 6 and < 10,
                    1 => x is >= 3 and < 13 && y is >= 3 and < 13,
                    _ => (x is < 3 or >= 13 || y is < 3 or >= 13) && x is >= 1 and < 15 && y is >= 1 and < 15,
                };
                images[16 + (item * ItemSide * ItemSide) + place] = isInside ? (byte)(150 + (item * 3)) : (byte)0;
            }
        }
        File.WriteAllBytes(Path.Combine(Items, $"{part}-images-idx3-ubyte"), images);
        File.WriteAllBytes(Path.Combine(Items, $"{part}-labels-idx1-ubyte"), labels);
    }

    private static void Header(Span<byte> bytes, params ReadOnlySpan<int> numbers)
    {
        for (int index = 0; index < numbers.Length; index++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes[(4 * index)..], numbers[index]);
        }
    }
}
