using System.IO.Compression;
using System.Text.Json;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Tests.Access;

/// <summary>Our decisions against those of a real API server on the same roles and bindings.</summary>
public sealed class OracleTests
{
    static readonly RbacJson Cluster = Vectors.SeedScenario;
    static readonly Authorizer Authorizer = new(Cluster.Roles, Cluster.Bindings);
    static readonly List<Review> Reviews = [.. ReadReviews()];

    internal static IReadOnlyList<Review> Recorded => Reviews;

    [Fact]
    public void The_recording_is_complete() => Assert.Equal(3999, Reviews.Count);

    [Fact]
    public void Every_review_is_answered_as_the_API_server_answered_it() =>
        Assert.DoesNotContain(Reviews, review => Authorizer.Decide(review.Who, review.What).Allowed != review.Allowed);

    [Fact]
    public void Every_refusal_has_the_same_reason() =>
        Assert.DoesNotContain(Reviews, review => !review.Allowed && Authorizer.Decide(review.Who, review.What).Reason != review.Reason);

    // Where several bindings allow a request, the server names the first in its cache, whose order cannot be known.
    [Fact]
    public void Every_permission_has_the_same_reason_or_another_one_that_is_true_by_itself()
    {
        var others = Reviews.Where(review => review.Allowed && Authorizer.Decide(review.Who, review.What).Reason != review.Reason).ToList();
        Assert.DoesNotContain(others, review => !IsTrueAlone(review));
        Assert.All(others, review => Assert.True(CountAllowing(review) > 1, review.Reason));
    }

    [Fact]
    public void Every_reason_of_a_permission_reads_back_as_a_binding_its_role_and_its_subject()
    {
        var allowed = Reviews.Where(review => review.Allowed && review.Reason.Length > 0).ToList();
        Assert.NotEmpty(allowed);
        Assert.All(allowed, review =>
        {
            var reason = AllowReason.TryParse(review.Reason)!;
            Assert.Contains(reason.Subject, Named(reason).Subjects);
            Assert.True(review.Who.Is(reason.Subject));
        });
    }

    [Fact]
    public void No_reason_is_given_for_system_masters_alone()
    {
        var silent = Reviews.Where(review => review.Allowed && review.Reason.Length == 0).ToList();
        Assert.All(silent, review => Assert.Contains(WellKnown.Masters, review.Who.Groups));
    }

    static bool IsTrueAlone(Review review) =>
        AllowReason.TryParse(review.Reason) is { } reason
        && new Authorizer(Cluster.Roles, [Named(reason)]).Decide(review.Who, review.What) is { Allowed: true } alone
        && alone.Reason == review.Reason;

    static int CountAllowing(Review review) => Authorizer.PermissionsOf(review.Who)
        .GrantsIn(review.What.Namespace)
        .Count(grant => grant.Role.Rules.IndexOfFirstAllowing(review.What) >= 0);

    static Binding Named(AllowReason reason) => Cluster.Bindings.Single(
        binding => binding.Scope == reason.Scope && binding.Name == reason.Binding && binding.RoleRef == reason.RoleRef);

    static IEnumerable<Review> ReadReviews()
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Vectors.PathOf("seed-scenario.sar.jsonl.gz")), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            var review = JsonElement.Parse(line);
            var spec = review.GetProperty("spec");
            yield return new(
                Attributes.Identity(spec), Attributes.Review(spec), review.GetProperty("allowed").GetBoolean(), RbacJson.Text(review, "reason"));
        }
    }

    internal sealed record Review(Identity Who, AccessRequest What, bool Allowed, string Reason);
}
