using Edge.Foundation;
using Xunit.Sdk;

namespace Edge.PowerCut;

/// <summary>Mounts every state in which a power cut may leave a disk, and has it judged.</summary>
/// <param name="image">The disk as it was when the log began.</param>
/// <param name="disk">A loop device.</param>
/// <param name="folder">Where it is mounted.</param>
internal sealed class Replay(DiskImage image, LoopDevice disk, string folder)
{
    private const int Seed = 20260101;
    private const int EnoughFailures = 20;

    /// <summary>Goes through the next requests.</summary>
    /// <param name="name">What the requests are of.</param>
    /// <param name="writes">The requests.</param>
    /// <param name="seeds">How many ways to lose pages by chance are tried at each.</param>
    /// <param name="judge">Gets the folder and how many of the requests were made; says what is wrong, or null.</param>
    /// <param name="stopsEarly">Whether some failures are enough.</param>
    internal ProofResult Play(string name, List<LoggedWrite> writes, int seeds, Func<string, int, string?> judge, bool stopsEarly = true)
    {
        var result = new ProofResult { Name = name, Writes = writes.Count(write => write.Bytes.Length > 0), Flushes = writes.Count(write => write.IsFlush) };
        for (int i = 0; i < writes.Count; i++)
        {
            image.Add(writes[i]);
            foreach ((Cut cut, int seed) in writes[i].Bytes.Length == 0 || (stopsEarly && result.Failures >= EnoughFailures) ? [] : Cuts(seeds))
            {
                result.CrashPoints++;
                result.DroppedWrites += cut == Cut.KeepsAll ? 0 : 1;
                image.Write(disk.File, cut, new Random(HashCode.Combine(Seed, i, seed)));
                if (Boot(i + 1, judge) is { } failure)
                {
                    result.Failures++;
                    result.FirstFailure ??= $"{name}: request {i + 1} of {writes.Count}, {cut} {seed}: {failure}";
                }
            }
        }
        return result;
    }

    private IEnumerable<(Cut Cut, int Seed)> Cuts(int seeds)
    {
        yield return (Cut.KeepsAll, 0);
        if (image.Pending > 1)
        {
            yield return (Cut.KeepsNewest, 0);
        }
        if (image.Pending > 2)
        {
            yield return (Cut.LosesOldest, 0);
        }
        for (int seed = 1; image.PendingPages > 2 && seed <= seeds; seed++)
        {
            yield return (Cut.KeepsSome, seed);
        }
    }

    private string? Boot(int made, Func<string, int, string?> judge)
    {
        try
        {
            Native.Mount(disk.Device, folder);
            try
            {
                return judge(folder, made);
            }
            finally
            {
                Native.Unmount(folder);
            }
        }
        catch (Exception e) when (e is InputException or IOException or XunitException)
        {
            return e.Message;
        }
    }
}
