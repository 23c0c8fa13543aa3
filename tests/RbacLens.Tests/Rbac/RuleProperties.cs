using FsCheck;
using FsCheck.Fluent;
using RbacLens.Access;
using RbacLens.Rbac;
using Xunit.Abstractions;

namespace RbacLens.Tests.Rbac;

public sealed class RuleProperties(ITestOutputHelper output)
{
    static readonly PolicyRule Everything =
        new() { Verbs = Names.Of("*"), ApiGroups = Names.Of("*"), Resources = Names.Of("*"), NonResourceUrls = Names.Of("*") };

    static Gen<(PolicyRule Rule, AccessRequest Request)> Asked =>
        from rule in Any.Rule
        from request in Any.Request
        select (rule, request);

    [Fact]
    public void Generated_rules_allow_some_requests_and_refuse_others()
    {
        var (allowed, refused) = (0, 0);
        Property.Holds(output, Asked, asked => (asked.Rule.Allows(asked.Request) ? ++allowed : ++refused) > 0);
        Assert.InRange(allowed, 100, 1900);
        Assert.InRange(refused, 100, 1900);
    }

    [Fact]
    public void A_star_rule_allows_whatever_any_rule_allows() =>
        Property.Holds(output, Asked, asked => !asked.Rule.Allows(asked.Request) || Everything.Allows(asked.Request));

    [Fact]
    public void Names_only_narrow_a_rule() =>
        Property.Holds(output, Asked, asked =>
            !asked.Rule.Allows(asked.Request) || (asked.Rule with { ResourceNames = Names.None }).Allows(asked.Request));

    [Fact]
    public void A_rule_of_names_never_allows_a_request_without_a_name() =>
        Property.Holds(
            output,
            from rule in Any.Rule
            from names in Any.Some("a", "b", "*")
            from request in Any.Resource
            select (Rule: rule with { ResourceNames = names }, Request: request with { Name = "" }),
            asked => !asked.Rule.Allows(asked.Request));

    [Fact]
    public void A_slash_star_matches_no_subresource_but_one_that_is_called_star() =>
        Property.Holds(
            output,
            from rule in Any.Rule
            from request in Any.Resource
            select (Rule: rule with { Resources = Names.Of("pods/*", "nodes/*", "deployments/*") }, Request: request),
            asked => asked.Request.Subresource == "*" || !asked.Rule.Allows(asked.Request));

    [Fact]
    public void The_parts_of_a_rule_allow_exactly_what_the_rule_allows() =>
        Property.Holds(output, Asked, asked =>
            asked.Rule.Allows(asked.Request) == Coverage.Atoms(asked.Rule).Any(atom => atom.Allows(asked.Request)));

    [Fact]
    public void Merging_rules_never_changes_what_they_allow() =>
        Property.Holds(
            output,
            from rules in Any.Rules
            from request in Any.Request
            select (Atoms: rules.SelectMany(Coverage.Atoms).ToList(), Request: request),
            asked => asked.Atoms.Exists(rule => rule.Allows(asked.Request))
                == (Compaction.Compact(asked.Atoms).IndexOfFirstAllowing(asked.Request) >= 0));

    [Fact]
    public void Rules_that_are_covered_never_allow_more_than_the_rules_that_cover_them()
    {
        var covered = 0;
        Property.Holds(
            output,
            from held in Any.Rules
            from wanted in Any.Rule
            from request in Any.Request
            select (Held: RuleSet.Of(held), Wanted: wanted, Request: request),
            asked =>
            {
                if (!Coverage.Covers(asked.Held, [asked.Wanted]))
                    return true;
                covered++;
                return !asked.Wanted.Allows(asked.Request) || asked.Held.IndexOfFirstAllowing(asked.Request) >= 0;
            },
            tests: 10_000);
        Assert.InRange(covered, 100, 9900);
    }

    [Fact]
    public void Rules_cover_themselves() =>
        Property.Holds(output, Any.Rules, rules => Coverage.Covers(rules.Select(rule => rule with { ResourceNames = Names.None }), rules));

    [Fact]
    public void Fields_with_the_same_words_in_the_same_order_are_equal() =>
        Property.Holds(
            output,
            from left in Any.Some("a", "b")
            from right in Any.Some("a", "b")
            select (left, right),
            pair => pair.left.Equals(pair.right) == pair.left.SequenceEqual(pair.right)
                && (!pair.left.Equals(pair.right) || pair.left.GetHashCode() == pair.right.GetHashCode()));

    [Fact]
    public void Bodies_with_the_same_rules_in_the_same_order_are_equal() =>
        Property.Holds(
            output,
            Any.Rules,
            rules => Copy(rules).Equals(RuleSet.Of(rules))
                && Copy(rules).GetHashCode() == RuleSet.Of(rules).GetHashCode()
                && !RuleSet.Of([.. rules, Everything]).Equals(RuleSet.Of(rules)));

    [Fact]
    public void Any_URL_is_read_without_an_error() =>
        Property.Holds(
            output,
            from parts in Any.UpTo(8, Gen.Elements("api", "apis", "v1", "namespaces", "watch", "proxy", "", "x", "%2F", "%", "status", "?watch=", "&fieldSelector=metadata.name=", "\\", ","))
            select "/" + string.Join('/', parts),
            url => RequestUrl.TryParse("GET", url) is null or { Verb.Length: > 0 });

    static RuleSet Copy(IEnumerable<PolicyRule> rules) => RuleSet.Of(rules.Select(rule => new PolicyRule
    {
        Verbs = Copy(rule.Verbs),
        ApiGroups = Copy(rule.ApiGroups),
        Resources = Copy(rule.Resources),
        ResourceNames = Copy(rule.ResourceNames),
        NonResourceUrls = Copy(rule.NonResourceUrls),
    }));

    static Names Copy(Names names) => Names.Of(names.Select(word => new string(word.AsSpan())));
}
