using System.Text.Json;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>What a log holds of a request's body, and of the object that came of it.</summary>
/// <param name="Asked">The request.</param>
/// <param name="Written">What was sent; null where the log does not hold it.</param>
/// <param name="Answered">The object that came of it; null where that is not known, or not needed.</param>
sealed record Body(AccessRequest.Resource Asked, JsonElement? Written, JsonElement? Answered)
{
    /// <summary>Whether the log holds neither.</summary>
    public bool IsEmpty => Written is null && Answered is null;

    /// <summary>What was sent, or what came of it where only that is known.</summary>
    public JsonElement Changed => Written ?? Answered ?? default;

    /// <summary>What came of it, or what was sent; of a JSON patch what comes of all its operations.</summary>
    public JsonElement Whole { get; } = Answered ?? (Written is { ValueKind: JsonValueKind.Array } operations && Asked.Spelling != "pods/status" ? JsonPatch.AsObject(operations) : Written) ?? default;

    /// <summary>The operations of a JSON patch, where what came of it is not known.</summary>
    public IReadOnlyList<JsonElement> Operations { get; } = Answered is null && Written is { ValueKind: JsonValueKind.Array } operations ? [.. operations.EnumerateArray()] : [];

    /// <summary>Whether <see cref="Whole"/> is a patch, which shows only what it changes.</summary>
    public bool IsPart => Asked.Verb == "patch" && Answered is null;
}
