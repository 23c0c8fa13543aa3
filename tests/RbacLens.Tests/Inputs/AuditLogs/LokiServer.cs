using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace RbacLens.Tests.Inputs.AuditLogs;

/// <summary>A Loki on a loopback port: <c>query_range</c> as its HTTP API documents it, over entries of several streams, in any order.</summary>
sealed class LokiServer : IAsyncDisposable
{
    readonly WebApplication app;

    LokiServer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        app = builder.Build();
        app.Run(AnswerAsync);
    }

    /// <summary>Stream, time in nanoseconds, line; in the order they were pushed.</summary>
    public List<(string Stream, long Time, string Line)> Entries { get; } = [];

    /// <summary>The most entries it gives at once; more than that is an error, as in Loki.</summary>
    public int MostEntries { get; init; } = 5000;

    /// <summary>The longest time it may be asked about.</summary>
    public TimeSpan LongestQuery { get; init; } = TimeSpan.FromDays(31);

    /// <summary>Answers to give before its own, one for each request.</summary>
    public ConcurrentQueue<(int Status, string Body, string? RetryAfter)> Before { get; } = new();

    /// <summary>What goes wrong with its answers, before that: one for each request.</summary>
    public ConcurrentQueue<Fault> Failing { get; } = new();

    public ConcurrentQueue<(string Query, string? Tenant, string? Authorization, long Start, long End, int Limit)> Asked { get; } = new();

    public Uri Url { get; private set; } = null!;

    public static async Task<LokiServer> StartAsync(int mostEntries = 5000, TimeSpan? longestQuery = null)
    {
        var server = new LokiServer { MostEntries = mostEntries, LongestQuery = longestQuery ?? TimeSpan.FromDays(31) };
        await server.app.StartAsync();
        server.Url = new(server.app.Urls.Single());
        return server;
    }

    async Task AnswerAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (context.Request.Path != "/loki/api/v1/query_range" || query["direction"] != "forward")
        {
            context.Response.StatusCode = 404;
            return;
        }

        var (start, end, limit) = (Number("start"), Number("end"), (int)Number("limit"));
        Asked.Enqueue((query["query"].ToString(), Header("X-Scope-OrgID"), Header("Authorization"), start, end, limit));
        if (Failing.TryDequeue(out var fault))
        {
            await fault(context, new(200, Encoding.UTF8.GetBytes(Answer(query["query"].ToString(), start, end, Math.Min(limit, MostEntries)).ToJsonString())));
        }
        else if (Before.TryDequeue(out var first))
        {
            if (first.RetryAfter is { } wait)
                context.Response.Headers.RetryAfter = wait;
            await WriteAsync(context, first.Status, first.Body);
        }
        else if (limit > MostEntries)
        {
            await WriteAsync(context, 400, $"max entries limit per query exceeded, limit > max_entries_limit_per_query ({limit} > {MostEntries})\n");
        }
        else if (end - start > LongestQuery.Ticks * 100)
        {
            await WriteAsync(context, 400, $"the query time range exceeds the limit (query length: {TimeSpan.FromTicks((end - start) / 100)}, limit: {LongestQuery})\n");
        }
        else
        {
            await WriteAsync(context, 200, Answer(query["query"].ToString(), start, end, limit).ToJsonString());
        }

        long Number(string name) => long.Parse(query[name].ToString(), CultureInfo.InvariantCulture);

        string? Header(string name) => context.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;
    }

    // The earliest entries of all streams, then stream by stream; start is inclusive, end is not.
    JsonObject Answer(string query, long start, long end, int limit)
    {
        var filter = query.Split(" |~ `", 2) is [_, var pattern] ? pattern.TrimEnd('`') : "";
        var found = Entries.Where(entry => entry.Time >= start && entry.Time < end && Regex.IsMatch(entry.Line, filter)).OrderBy(entry => entry.Time).Take(limit).GroupBy(entry => entry.Stream);
        var result = found.Select(stream => new JsonObject
        {
            ["stream"] = new JsonObject { ["pod"] = stream.Key },
            ["values"] = new JsonArray([.. stream.Select(entry => new JsonArray(entry.Time.ToString(CultureInfo.InvariantCulture), entry.Line))]),
        });
        return new() { ["status"] = "success", ["data"] = new JsonObject { ["resultType"] = "streams", ["result"] = new JsonArray([.. result]), ["stats"] = new JsonObject() } };
    }

    static async Task WriteAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = status == 200 ? "application/json" : "text/plain";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
