using Edge.Foundation;
using Edge.Inference;

namespace Edge.Scenes;

/// <summary>
/// Objects that walk through a picture on curved paths, cross, and hide each other, as an imperfect detector sees them: it misses
/// some, moves edges, gives half-hidden objects low scores and finds what is not there.
/// </summary>
public static class GeneratedScene
{
    private const double FramesPerSecond = 15;

    /// <summary>Makes the frames; the same options make the same ones.</summary>
    public static IReadOnlyList<SceneFrame> Make(GeneratedSceneOptions options)
    {
        var random = new SplitMix64(options.Seed);
        var walkers = new Walker[options.Objects];
        int lastId = 0;
        for (int i = 0; i < walkers.Length; i++)
        {
            walkers[i] = new Walker(++lastId, options, ref random, isAnywhere: true);
        }
        var frames = new List<SceneFrame>();
        for (int frame = 0; frame < options.Frames; frame++)
        {
            for (int i = 0; i < walkers.Length; i++)
            {
                walkers[i].Step(ref random);
                if (walkers[i].IsGone(options.Size))
                {
                    walkers[i] = new Walker(++lastId, options, ref random, isAnywhere: false);
                }
            }
            frames.Add(Look(walkers, options, TimeSpan.FromSeconds(frame / FramesPerSecond), ref random));
        }
        return frames;
    }

    private static SceneFrame Look(Walker[] walkers, GeneratedSceneOptions options, TimeSpan time, ref SplitMix64 random)
    {
        var truth = new List<TrueObject>();
        var detections = new List<Detection>();
        foreach (Walker walker in walkers)
        {
            Box box = walker.Box;
            double covered = 0;
            foreach (Walker other in walkers)
            {
                // What stands lower in the picture is nearer to the camera.
                covered = Math.Max(covered, other != walker && other.Box.Bottom > box.Bottom ? Shared(box, other.Box) / box.Area : 0);
            }
            bool isHidden = covered >= options.HiddenFrom;
            truth.Add(new TrueObject(walker.Id, box, isHidden));
            walker.DropOutFor = walker.DropOutFor > 0 ? walker.DropOutFor - 1 : random.NextDouble() < options.DropOut ? 2 + random.Below(8) : 0;
            bool isMissed = random.NextDouble() < options.Missed || walker.DropOutFor > 0;
            double score = Math.Clamp(0.9 - (0.8 * covered) + (0.08 * Gauss(ref random)), 0.11, 0.99);
            Box seen = Shake(box, options.Jitter, ref random);
            if (!isHidden && !isMissed)
            {
                detections.Add(new Detection(seen, 0, (float)score));
            }
            if (random.NextDouble() < options.False)
            {
                double width = 30 + (random.NextDouble() * 60);
                double x = random.NextDouble() * options.Size, y = random.NextDouble() * options.Size;
                detections.Add(new Detection(
                    new Box((float)x, (float)y, (float)(x + width), (float)(y + (2 * width))), 0, (float)(0.15 + (0.6 * random.NextDouble()))));
            }
        }
        return new SceneFrame(time, truth, detections);
    }

    private static Box Shake(Box box, double jitter, ref SplitMix64 random)
    {
        double x = jitter * box.Width, y = jitter * box.Height;
        return new Box(
            (float)(box.Left + (x * Gauss(ref random))), (float)(box.Top + (y * Gauss(ref random))),
            (float)(box.Right + (x * Gauss(ref random))), (float)(box.Bottom + (y * Gauss(ref random))));
    }

    private static double Shared(Box a, Box b) =>
        Math.Max(0, Math.Min(a.Right, b.Right) - Math.Max(a.Left, b.Left)) * Math.Max(0, Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Top, b.Top));

    // Box and Muller's transform.
    private static double Gauss(ref SplitMix64 random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());

    private sealed class Walker
    {
        private readonly double _width;
        private double _x;
        private double _y;
        private double _heading;
        private readonly double _speed;

        public Walker(int id, GeneratedSceneOptions options, ref SplitMix64 random, bool isAnywhere)
        {
            Id = id;
            _width = options.Size * (0.03 + (0.04 * random.NextDouble()));
            _speed = options.Size * (0.002 + (0.006 * random.NextDouble()));
            bool isFromLeft = random.Below(2) == 0;
            _x = isAnywhere ? random.NextDouble() * options.Size : isFromLeft ? 0 : options.Size;
            _y = options.Size * (0.1 + (0.8 * random.NextDouble()));
            _heading = (isFromLeft ? 0 : Math.PI) + (0.6 * (random.NextDouble() - 0.5));
        }

        public int Id { get; }

        public int DropOutFor { get; set; }

        public Box Box => new((float)(_x - (_width / 2)), (float)(_y - (1.25 * _width)), (float)(_x + (_width / 2)), (float)(_y + (1.25 * _width)));

        public void Step(ref SplitMix64 random)
        {
            _heading += 0.06 * (random.NextDouble() - 0.5);
            _x += _speed * Math.Cos(_heading);
            _y += _speed * Math.Sin(_heading);
        }

        public bool IsGone(int size) => _x < 0 || _x > size || _y < 0 || _y > size;
    }
}
