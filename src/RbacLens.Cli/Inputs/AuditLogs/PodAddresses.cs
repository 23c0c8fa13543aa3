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

    /// <summary>The operations of a JSON patch that set an address to what cannot be seen, since it is moved or copied (RFC 6902).</summary>
    public static IEnumerable<string> Unseen(JsonElement body) =>
        from operation in BodyReader.Elements(body)
        let kind = BodyReader.Text(BodyReader.Member(operation, "op"))
        let path = BodyReader.Text(BodyReader.Member(operation, "path"))
        where kind is "copy" or "move" && SetsAddress(path)
        select $"{kind} {path} from {BodyReader.Text(BodyReader.Member(operation, "from"))}";

    static IEnumerable<string> OfOperation(JsonElement operation)
    {
        var kind = BodyReader.Text(BodyReader.Member(operation, "op"));
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
