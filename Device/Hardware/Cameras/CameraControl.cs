namespace Edge.Hardware.Cameras;

/// <summary>Something of a camera that can be set: exposure, gain, focus.</summary>
/// <param name="Id">The driver's number for it.</param>
/// <param name="Name">Its name in lower case, with <c>_</c> for what is no letter or digit, as <c>v4l2-ctl</c> shows it.</param>
/// <param name="Minimum">The least value.</param>
/// <param name="Maximum">The greatest value.</param>
/// <param name="Default">The value it has unless set.</param>
public sealed record CameraControl(uint Id, string Name, int Minimum, int Maximum, int Default);
