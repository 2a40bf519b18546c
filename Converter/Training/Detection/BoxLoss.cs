namespace Edge.Training.Detection;

/// <summary>How far a box is from where it should be, as training sees it.</summary>
public enum BoxLoss
{
    /// <summary>1 − generalised overlap (Rezatofighi and others 2019): boxes apart are pulled by the empty part of the box around both.</summary>
    Giou,

    /// <summary>1 − overlap + squared distance of the centres ÷ squared diagonal of the box around both (Zheng and others 2020).</summary>
    Diou,
}
