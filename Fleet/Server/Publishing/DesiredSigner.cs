using Edge.Fleet.Protocol;
using Edge.Packages;

namespace Edge.Fleet.Publishing;

/// <summary>Signs desired states and changes of keys.</summary>
public static class DesiredSigner
{
    /// <summary>Signs a desired state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="key">A key of the fleet.</param>
    /// <param name="trust">The change of keys that goes with it; null for none.</param>
    public static DesiredMessage Sign(DesiredState state, SigningKey key, SignedBytes? trust = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new DesiredMessage { Desired = Sign(DesiredState.Purpose, state.ToUtf8(), key), Trust = trust };
    }

    /// <summary>Signs a change of keys.</summary>
    /// <param name="change">The change.</param>
    /// <param name="key">A key whose packages the devices trust.</param>
    public static SignedBytes Sign(TrustChange change, SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(change);
        return Sign(TrustChange.Purpose, change.ToUtf8(), key);
    }

    private static SignedBytes Sign(string purpose, byte[] payload, SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new SignedBytes { Payload = payload, Signature = key.Sign(SignedBytes.ToSign(purpose, payload)) };
    }
}
