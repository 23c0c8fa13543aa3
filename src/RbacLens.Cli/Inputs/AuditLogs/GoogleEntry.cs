using System.Text;
using System.Text.Json;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// Google Cloud's own form of an audit entry (LogEntry with an AuditLog as <c>protoPayload</c>), which GKE writes instead of Kubernetes' events.
/// It names no groups, and of the stages only the first and the last.
/// </summary>
static class GoogleEntry
{
    const string MethodPrefix = "io.k8s.";

    /// <summary>Counts an entry; false where it is not about Kubernetes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> entry, EventReader events)
    {
        using var document = Parse(entry);
        var root = document?.RootElement;
        var payload = BodyReader.Member(root, "protoPayload");
        var method = Text(payload, "methodName");
        if (!method.StartsWith(MethodPrefix, StringComparison.Ordinal))
            return false;
        var place = new Place(Text(payload, "resourceName"), method);
        var who = BodyReader.Member(payload, "authenticationInfo");
        var metadata = BodyReader.Member(payload, "requestMetadata");
        var labels = BodyReader.Member(root, "labels");
        var operation = BodyReader.Member(root, "operation");
        var id = Text(operation, "id") is { Length: > 0 } operationId ? operationId : Text(root, "insertId");
        var actingAs = Text(who, "authoritySelector");
        var found = new RawEvent
        {
            AuditId = RawText.Escaped(id),
            Stage = IsUnfinished(operation) ? "ResponseStarted"u8 : "ResponseComplete"u8,
            Uri = RawText.Escaped("/" + place.Path),
            Verb = RawText.Escaped(place.Verb),
            User = RawText.Escaped(Text(who, "principalEmail")),
            Groups = Groups(Text(who, "principalEmail")),
            ActingAs = RawText.Escaped(actingAs),
            ActingGroups = actingAs.Length == 0 ? default : Groups(actingAs),
            Sources = Encoding.UTF8.GetBytes($"[\"{JsonEncodedText.Encode(Text(metadata, "callerIp"))}\"]"),
            Agent = RawText.Escaped(Text(metadata, "callerSuppliedUserAgent")),
            OtherTime = RawText.Escaped(Text(root, "timestamp")),
            Resource = RawText.Escaped(place.Resource),
            Namespace = RawText.Escaped(place.Namespace),
            Name = RawText.Escaped(place.Name),
            ApiGroup = RawText.Escaped(place.Group),
            Subresource = RawText.Escaped(place.Subresource),
            Code = Encoding.UTF8.GetBytes($"{Status(BodyReader.Member(BodyReader.Member(payload, "status"), "code"), place.Verb)}"),
            Message = RawText.Escaped(Text(BodyReader.Member(payload, "status"), "message") is { Length: > 0 } said ? said : Text(BodyReader.Member(payload, "response"), "message")),
            Decision = RawText.Escaped(Text(labels, "authorization.k8s.io/decision")),
            Reason = RawText.Escaped(Text(labels, "authorization.k8s.io/reason")),
            RequestBody = Raw(BodyReader.Member(payload, "request")),
            ResponseBody = Raw(BodyReader.Member(payload, "response")),
        };
        events.Read(ref found);
        return true;
    }

    static JsonDocument? Parse(ReadOnlySpan<byte> entry)
    {
        try
        {
            return JsonDocument.Parse(entry.ToArray());
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static string Text(JsonElement? element, string name) => BodyReader.Text(BodyReader.Member(element, name));

    static byte[] Raw(JsonElement? element) => element is { } found ? Encoding.UTF8.GetBytes(found.GetRawText()) : [];

    static bool IsUnfinished(JsonElement? operation) =>
        BodyReader.Member(operation, "first") is { ValueKind: JsonValueKind.True } && BodyReader.Member(operation, "last") is not { ValueKind: JsonValueKind.True };

    // The groups are not in the entry; these are the ones every such user has.
    static byte[] Groups(string user) => Rbac.WellKnown.TryServiceAccount(user) is { } account
        ? Encoding.UTF8.GetBytes($"[\"system:serviceaccounts\",\"system:serviceaccounts:{JsonEncodedText.Encode(account.Namespace)}\",\"system:authenticated\"]")
        : user == Rbac.WellKnown.Anonymous ? "[\"system:unauthenticated\"]"u8.ToArray()
        : user.StartsWith("system:node:", StringComparison.Ordinal) ? "[\"system:nodes\",\"system:authenticated\"]"u8.ToArray()
        : "[\"system:authenticated\"]"u8.ToArray();

    // google.rpc.Code, as HTTP says it.
    static int Status(JsonElement? code, string verb) => (code is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : 0) switch
    {
        0 => verb == "create" ? 201 : 200,
        3 => 400,
        5 => 404,
        6 => 409,
        7 => 403,
        16 => 401,
        var other => other >= 100 ? other : 500,
    };

    /// <summary>
    /// What is asked, from <c>core/v1/namespaces/NS/pods/NAME/exec</c> and <c>io.k8s.core.v1.pods.exec.create</c>; URLs outside the API's
    /// resources stand as they are.
    /// </summary>
    sealed class Place
    {
        public Place(string resourceName, string method)
        {
            Path = resourceName;
            Verb = method[(method.LastIndexOf('.') + 1)..];
            var parts = resourceName.Split('/');
            if (parts.Length < 3 || method.Count(c => c == '.') < 4)
                return;
            Group = parts[0] == "core" ? "" : parts[0];
            var rest = parts.AsSpan(2);
            if (rest is ["namespaces", var ns, ..])
            {
                Namespace = ns;
                // A namespace is a resource in itself.
                rest = rest.Length > 2 && rest[2] is not ("status" or "finalize") ? rest[2..] : rest;
            }

            Resource = rest.Length > 0 ? rest[0] : "";
            Name = rest.Length > 1 ? rest[1] : "";
            Subresource = rest.Length > 2 ? rest[2] : "";
        }

        public string Path { get; }

        public string Verb { get; }

        public string Group { get; } = "";

        public string Namespace { get; } = "";

        public string Resource { get; } = "";

        public string Name { get; } = "";

        public string Subresource { get; } = "";
    }
}
