using System.Text.Json;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// The IP addresses that a write to a pod's status sets: in <c>podIP</c>, which people read, and in <c>podIPs</c>, which the API server's proxy
/// and services go by. Whole objects, merge, strategic and apply patches say it in one way, JSON patches in another.
/// </summary>
static class PodAddresses
{
    public static IEnumerable<string> In(JsonElement body) =>
        body.ValueKind == JsonValueKind.Array ? body.EnumerateArray().SelectMany(OfOperation) : OfStatus(BodyReader.Member(body, "status"));

    // RFC 6902: test and remove set nothing; move and copy take the value from where it cannot be seen, so its place stands for it.
    static IEnumerable<string> OfOperation(JsonElement operation)
    {
        var kind = BodyReader.Text(BodyReader.Member(operation, "op"));
        if (kind is "copy" or "move")
            return SetsAddress(BodyReader.Text(BodyReader.Member(operation, "path"))) ? OfText(BodyReader.Member(operation, "from")) : [];
        if (kind is not ("add" or "replace"))
            return [];
        var value = BodyReader.Member(operation, "value");
        return BodyReader.Text(BodyReader.Member(operation, "path")).Split('/') switch
        {
            [""] => OfStatus(BodyReader.Member(value, "status")),
            ["", "status"] => OfStatus(value),
            ["", "status", "podIP"] => OfText(value),
            ["", "status", "podIPs"] => OfList(value),
            ["", "status", "podIPs", _] => OfText(BodyReader.Member(value, "ip")),
            ["", "status", "podIPs", _, "ip"] => OfText(value),
            _ => [],
        };
    }

    static bool SetsAddress(string path) => path is "/status" or "/status/podIP" || path.StartsWith("/status/podIPs", StringComparison.Ordinal);

    static IEnumerable<string> OfStatus(JsonElement? status) => OfText(BodyReader.Member(status, "podIP")).Concat(OfList(BodyReader.Member(status, "podIPs")));

    static IEnumerable<string> OfList(JsonElement? list) => BodyReader.Elements(list).SelectMany(item => OfText(BodyReader.Member(item, "ip")));

    static IEnumerable<string> OfText(JsonElement? text) => BodyReader.Text(text) is { Length: > 0 } address ? [address] : [];
}
