using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using RbacLens.Access;
using RbacLens.Audit;
using RbacLens.Rbac;
using Xunit.Abstractions;

namespace RbacLens.Tests.Audit;

/// <summary>What is suggested allows what was seen, all of it is needed for that, and nothing else is allowed.</summary>
public sealed class LeastPrivilegeProperties(ITestOutputHelper output)
{
    static readonly Identity Bob = new("bob", [WellKnown.Authenticated]);

    static Gen<ImmutableArray<(AccessRequest Request, bool Allowed)>> Logs => Any.UpTo(12,
        from request in Any.Request
        from allowed in Gen.Elements(true, true, false)
        select (request, allowed));

    [Fact]
    public void Every_request_that_was_allowed_is_allowed_again() => Property.Holds(output, Logs, log =>
    {
        var authorizer = AuthorizerOf(Suggested(log));
        return Granted(log).All(request => authorizer.Decide(Bob, request).Allowed);
    });

    [Fact]
    public void Without_any_part_of_a_rule_some_request_is_refused() => Property.Holds(output, Logs, log =>
    {
        var suggested = Suggested(log);
        return suggested.Roles.All(role => role.Rules.SelectMany(Coverage.Atoms).All(atom =>
        {
            var without = suggested with { Roles = suggested.Roles.Replace(role, role with { Rules = RuleSet.Of(role.Rules.SelectMany(Coverage.Atoms).Where(other => other != atom)) }) };
            return Granted(log).Any(request => !AuthorizerOf(without).Decide(Bob, request).Allowed);
        }));
    }, tests: 500);

    // A right without a name is for every name, and one for the cluster for every namespace: so RBAC says it, and nothing else may be more than was asked.
    [Fact]
    public void Nothing_is_allowed_that_was_not_asked_for() => Property.Holds(
        output,
        from log in Logs
        from asked in Any.Request.ArrayOf(40)
        select (log, asked),
        given =>
        {
            var authorizer = AuthorizerOf(Suggested(given.log));
            return given.asked.Where(request => authorizer.Decide(Bob, request).Allowed).All(request => Granted(given.log).Any(seen => IsWithin(request, seen)));
        });

    static bool IsWithin(AccessRequest request, AccessRequest seen) => (request, seen) switch
    {
        (AccessRequest.Resource asked, AccessRequest.Resource known) =>
            (asked.Verb, asked.ApiGroup, asked.Spelling) == (known.Verb, known.ApiGroup, known.Spelling)
            && (known.Namespace.Length == 0 || known.Namespace == asked.Namespace) && (known.Name.Length == 0 || known.Name == asked.Name),
        _ => request == seen,
    };

    // A literal star, which anybody may ask for, would be a wildcard in a rule.
    static IEnumerable<AccessRequest> Granted(IEnumerable<(AccessRequest Request, bool Allowed)> log) =>
        log.Where(entry => entry.Allowed && entry.Request is not AccessRequest.Resource { Subresource: "*" }).Select(entry => entry.Request);

    static Authorizer AuthorizerOf(LeastPrivilege suggested) => new(suggested.Roles, suggested.Bindings);

    static LeastPrivilege Suggested(IEnumerable<(AccessRequest Request, bool Allowed)> log) => LeastPrivilege.Of(
        new AuditLog
        {
            Deeds = [.. log.Select(entry =>
            {
                var count = new DeedCount(new() { User = Bob, Request = entry.Request, Outcome = entry.Allowed ? RbacLens.Audit.Outcome.Allowed : RbacLens.Audit.Outcome.Refused }, Interest.None);
                count.Count(ticks: 1);
                return count;
            })],
            Notes = new(),
        },
        new Subject.User("bob"), new Authorizer([], []), "suggested");
}
