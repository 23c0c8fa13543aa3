using System.Buffers;
using System.Text.Json;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs.Live;

/// <summary>Reviews that the API server answers itself, all its authorizers included.</summary>
/// <param name="options">Which cluster.</param>
/// <param name="surroundings">Where credentials come from.</param>
sealed class LiveReviews(ClusterOptions options, Surroundings surroundings)
{
    // The newest first; what a server does not serve is 404.
    static readonly string[] SelfVersions = ["v1", "v1beta1", "v1alpha1"];

    /// <summary>Who the kubeconfig's user is, as the API server sees it (SelfSubjectReview, Kubernetes 1.28; before, if it is switched on).</summary>
    /// <exception cref="InputException">The server does not tell.</exception>
    public async Task<Identity> WhoAmIAsync(CancellationToken cancellation)
    {
        using var client = new ApiClient(Connection.Find(options, surroundings), ApiLimits.Default, surroundings.Clock);
        foreach (var version in SelfVersions)
        {
            var review = Json(json =>
            {
                json.WriteString("apiVersion", $"authentication.k8s.io/{version}");
                json.WriteString("kind", "SelfSubjectReview");
            });
            var answer = await client.ReviewAsync($"/apis/authentication.k8s.io/{version}/selfsubjectreviews", review, UserInfoAsync, cancellation);
            if (answer is ApiAnswer<Identity>.Whole(var identity))
                return identity;
        }

        throw new InputException("the API server does not say who you are (selfsubjectreviews); name the subject: user:NAME, or --as NAME");
    }

    /// <summary>The API server's own decision about somebody (SubjectAccessReview).</summary>
    /// <exception cref="InputException">The server does not decide for others: creating subjectaccessreviews is a right of its own.</exception>
    public async Task<Decision> DecideAsync(Identity who, AccessRequest request, CancellationToken cancellation)
    {
        using var client = new ApiClient(Connection.Find(options, surroundings), ApiLimits.Default, surroundings.Clock);
        var review = Json(json =>
        {
            json.WriteString("apiVersion", "authorization.k8s.io/v1");
            json.WriteString("kind", "SubjectAccessReview");
            json.WriteStartObject("spec");
            json.WriteString("user", who.User);
            json.WriteStartArray("groups");
            foreach (var name in who.Groups)
                json.WriteStringValue(name);
            json.WriteEndArray();
            WriteAttributes(json, request);
            json.WriteEndObject();
        });
        return await client.ReviewAsync("/apis/authorization.k8s.io/v1/subjectaccessreviews", review, StatusAsync, cancellation) switch
        {
            ApiAnswer<Decision>.Whole(var decision) => decision,
            ApiAnswer<Decision>.Refused refused => throw new InputException($"--check-live: {refused.Why}"),
            ApiAnswer<Decision>.Busy busy => throw new InputException($"--check-live: the API server stayed busy: {busy.Why}"),
            ApiAnswer<Decision>.Lost lost => throw new InputException($"--check-live: {lost.Why}"),
            _ => throw new InvalidOperationException(),
        };
    }

    static void WriteAttributes(Utf8JsonWriter json, AccessRequest request)
    {
        if (request is AccessRequest.Path path)
        {
            json.WriteStartObject("nonResourceAttributes");
            json.WriteString("verb", path.Verb);
            json.WriteString("path", path.Url);
            json.WriteEndObject();
        }
        else if (request is AccessRequest.Resource resource)
        {
            json.WriteStartObject("resourceAttributes");
            json.WriteString("verb", resource.Verb);
            json.WriteString("group", resource.ApiGroup);
            json.WriteString("resource", resource.Plural);
            json.WriteString("subresource", resource.Subresource);
            json.WriteString("namespace", resource.Namespace);
            json.WriteString("name", resource.Name);
            json.WriteEndObject();
        }
    }

    static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    static Task<Identity> UserInfoAsync(Stream body, CancellationToken cancellation) => ReadAsync(body, "userInfo", user =>
    {
        var groups = user.TryGetProperty("groups", out var listed) && listed.ValueKind == JsonValueKind.Array ? listed.EnumerateArray() : default;
        return new Identity(user.GetProperty("username").GetString() ?? "", [.. groups.Select(name => name.GetString() ?? "")]);
    }, cancellation);

    static Task<Decision> StatusAsync(Stream body, CancellationToken cancellation) => ReadAsync(body, "", status => new Decision(
        status.TryGetProperty("allowed", out var allowed) && allowed.ValueKind == JsonValueKind.True,
        Grant: null,
        status.TryGetProperty("reason", out var reason) ? UntrustedText.OneLine(reason.GetString() ?? "") : ""), cancellation);

    static async Task<T> ReadAsync<T>(Stream body, string within, Func<JsonElement, T> read, CancellationToken cancellation)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(body, default, cancellation);
            var status = document.RootElement.GetProperty("status");
            return read(within.Length == 0 ? status : status.GetProperty(within));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InputException("the review was answered with something that is no review", e);
        }
    }
}
