namespace Edge.Inference;

/// <summary>
/// Where a box is and how it moves: a Kalman filter of constant velocity over centre x, centre y, aspect ratio and height, with
/// noise in proportion to the height (SORT, Bewley et al. 2016, in the parametrisation of DeepSORT and ByteTrack). Those models
/// never couple the four, so the 8×8 filter is exactly four filters of position and velocity.
/// </summary>
internal struct KalmanBox
{
    private const float PositionNoise = 1f / 20;
    private const float VelocityNoise = 1f / 160;
    private const float AspectNoise = 1e-2f;
    private const float AspectVelocityNoise = 1e-5f;
    private const float MeasuredAspectNoise = 1e-1f;
    private const float LeastHeight = 1e-3f;

    private Component _x;
    private Component _y;
    private Component _aspect;
    private Component _height;

    /// <summary>Starts at a box that stands still, with wide doubt about its velocity.</summary>
    /// <param name="box">The measured box, in pixels; not empty.</param>
    public KalmanBox(in Box box)
    {
        float height = Math.Max(box.Height, LeastHeight);
        float position = 2 * PositionNoise * height;
        float velocity = 10 * VelocityNoise * height;
        _x = new Component(box.CentreX, position, velocity);
        _y = new Component(box.CentreY, position, velocity);
        _aspect = new Component(box.Width / height, AspectNoise, AspectVelocityNoise);
        _height = new Component(height, position, velocity);
    }

    /// <summary>The estimate.</summary>
    public readonly Box Box
    {
        get
        {
            float height = Math.Max(_height.Position, LeastHeight);
            float width = Math.Max(_aspect.Position, 0) * height;
            return new Box(_x.Position - (width / 2), _y.Position - (height / 2), _x.Position + (width / 2), _y.Position + (height / 2));
        }
    }

    /// <summary>How fast the centre moves, in pixels a frame.</summary>
    public readonly float Speed => MathF.Sqrt((_x.Velocity * _x.Velocity) + (_y.Velocity * _y.Velocity));

    /// <summary>Moves on in time.</summary>
    /// <param name="frames">How many frame intervals; above 0.</param>
    /// <param name="keepHeight">True while nothing is measured: a height that goes on changing would leave the object behind.</param>
    public void Predict(float frames, bool keepHeight)
    {
        if (keepHeight)
        {
            _height.Velocity = 0;
        }
        float height = Math.Max(_height.Position, LeastHeight);
        float position = PositionNoise * height;
        float velocity = VelocityNoise * height;
        _x.Predict(frames, position, velocity);
        _y.Predict(frames, position, velocity);
        _aspect.Predict(frames, AspectNoise, AspectVelocityNoise);
        _height.Predict(frames, position, velocity);
    }

    /// <summary>Takes a measurement in.</summary>
    /// <param name="box">The measured box, in pixels; not empty.</param>
    public void Correct(in Box box)
    {
        float noise = PositionNoise * Math.Max(_height.Position, LeastHeight);
        float height = Math.Max(box.Height, LeastHeight);
        _x.Correct(box.CentreX, noise);
        _y.Correct(box.CentreY, noise);
        _aspect.Correct(box.Width / height, MeasuredAspectNoise);
        _height.Correct(height, noise);
    }

    /// <summary>One coordinate: its position and velocity with their covariance.</summary>
    private struct Component
    {
        public float Position;
        public float Velocity;
        private float _positionVariance;
        private float _covariance;
        private float _velocityVariance;

        public Component(float position, float positionDeviation, float velocityDeviation)
        {
            Position = position;
            _positionVariance = positionDeviation * positionDeviation;
            _velocityVariance = velocityDeviation * velocityDeviation;
        }

        public void Predict(float frames, float positionDeviation, float velocityDeviation)
        {
            Position += Velocity * frames;
            _positionVariance += (frames * ((2 * _covariance) + (frames * _velocityVariance))) + (frames * positionDeviation * positionDeviation);
            _covariance += frames * _velocityVariance;
            _velocityVariance += frames * velocityDeviation * velocityDeviation;
        }

        public void Correct(float measured, float deviation)
        {
            float scale = 1 / (_positionVariance + (deviation * deviation));
            float positionGain = _positionVariance * scale;
            float velocityGain = _covariance * scale;
            float surprise = measured - Position;
            Position += positionGain * surprise;
            Velocity += velocityGain * surprise;
            _velocityVariance -= velocityGain * _covariance;
            _covariance -= positionGain * _covariance;
            _positionVariance -= positionGain * _positionVariance;
        }
    }
}
