using System.Diagnostics;
using RbacLens.Access;

namespace RbacLens.Cli.Inputs.Live;

/// <summary>One list of the API server, read page by page.</summary>
/// <param name="client">The client to ask with.</param>
/// <param name="limits">The size of a page, and how often to start again.</param>
/// <param name="resource">What to list.</param>
/// <param name="namespace">Where; null for the whole cluster.</param>
sealed class PagedList(ApiClient client, ApiLimits limits, ClusterResource resource, string? @namespace)
{
    const int Expired = 410;
    readonly string path = resource.Path(@namespace);

    /// <summary>The whole list, or none of it and the gap: half a list would make references dangle that do not.</summary>
    public async Task<Listed> ReadAsync(CancellationToken cancellation)
    {
        var outcome = await PagesAsync(cancellation);
        for (var restart = 0; restart < limits.Restarts && outcome.IsExpired; restart++)
            outcome = await PagesAsync(cancellation);
        return outcome;
    }

    async Task<Listed> PagesAsync(CancellationToken cancellation)
    {
        var objects = new SnapshotBuilder();
        var token = "";
        do
        {
            var answer = await client.ReadAsync(PathOf(token), resource.Accept, PageAsync, cancellation);
            if (answer is not ApiAnswer<Page>.Whole(var page))
                return Missing(answer);
            objects.Add(page.Objects);
            if (token.Length > 0 && page.List.Continue == token)
                return Missing(new ApiAnswer<Page>.Lost("the server sends the same page again and again"));
            token = page.List.Continue;
        }
        while (token.Length > 0);
        return new(objects, Gap: null, IsExpired: false);
    }

    string PathOf(string token) =>
        $"{path}?{resource.Selector}limit={limits.PageSize}{(token.Length == 0 ? "" : $"&continue={Uri.EscapeDataString(token)}")}";

    // A page that breaks off is read again, so each try fills a builder of its own.
    async Task<Page> PageAsync(Stream body, CancellationToken cancellation)
    {
        var objects = new SnapshotBuilder();
        var list = await new ListReader(objects, path).ReadAsync(body, resource.Kind, cancellation);
        return list.ResourceVersion.Length > 0
            ? new(objects, list)
            : throw new InputException($"{path}: answered with JSON that is not a Kubernetes list (no metadata.resourceVersion)");
    }

    Listed Missing(ApiAnswer<Page> answer) => answer switch
    {
        ApiAnswer<Page>.Refused { Status: Expired } =>
            Missing(Gap.Reasons.Unavailable, "its pages expired again and again (410)") with { IsExpired = true },
        ApiAnswer<Page>.Refused { Status: 403 } refused => Missing(Gap.Reasons.Forbidden, refused.Why),
        ApiAnswer<Page>.Refused { Status: 404 } refused => Missing(Gap.Reasons.NotFound, refused.Why),
        ApiAnswer<Page>.Refused refused => Missing(Gap.Reasons.Unavailable, refused.Why),
        ApiAnswer<Page>.Busy busy => Missing(Gap.Reasons.Unavailable, $"the server stayed busy: {busy.Why}"),
        ApiAnswer<Page>.Lost lost => Missing(Gap.Reasons.Unavailable, lost.Why),
        _ => throw new UnreachableException(),
    };

    Listed Missing(string reason, string why) =>
        new(new(), new(resource.Kind, reason, why.StartsWith(path, StringComparison.Ordinal) ? why : $"{path}: {why}"), IsExpired: false);

    sealed record Page(SnapshotBuilder Objects, ListPage List);
}

/// <summary>What came of a list.</summary>
/// <param name="Objects">Its objects; none where there is a gap.</param>
/// <param name="Gap">Why it could not be read; null where it could.</param>
/// <param name="IsExpired">Whether it broke off because the server dropped the moment that its pages are of.</param>
sealed record Listed(SnapshotBuilder Objects, Gap? Gap, bool IsExpired);
