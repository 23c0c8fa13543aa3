using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Tests.Rbac;

public sealed class LabelSelectorTests
{
    [Theory]
    [InlineData("", "", "", true)]                                 // an empty selector selects everything
    [InlineData("a=1", "", "a=1 b=2", true)]
    [InlineData("a=1", "", "a=2", false)]
    [InlineData("a=1", "", "b=1", false)]
    [InlineData("a=1 b=2", "", "a=1", false)]                      // all of them
    [InlineData("a=", "", "", false)]                              // no label is not an empty one
    [InlineData("a=", "", "a=", true)]
    [InlineData("", "a In 1,2", "a=2", true)]
    [InlineData("", "a In 1,2", "a=3", false)]
    [InlineData("", "a In 1,2", "", false)]
    [InlineData("", "a In *", "a=3", false)]                       // no wildcard
    [InlineData("", "a NotIn 1", "a=2", true)]
    [InlineData("", "a NotIn 1", "a=1", false)]
    [InlineData("", "a NotIn 1", "", true)]                        // what is not there is not in
    [InlineData("", "a Exists ", "a=1", true)]
    [InlineData("", "a Exists ", "", false)]
    [InlineData("", "a DoesNotExist ", "", true)]
    [InlineData("", "a DoesNotExist ", "a=", false)]
    [InlineData("", "a Gt 1", "a=2", false)]                       // unknown operators select nothing
    [InlineData("a=1", "b Exists ", "a=1", false)]                 // labels and expressions must both hold
    public void A_selector_selects(string labels, string expression, string of, bool expected)
    {
        ImmutableArray<LabelSelector.Requirement> expressions = expression.Split(' ') is [var key, var op, var values]
            ? [new(key, op, Names.Of(values.Split(',')))]
            : [];
        Assert.Equal(expected, new LabelSelector(Labels(labels), expressions).Selects(Labels(of)));
    }

    static ImmutableSortedDictionary<string, string> Labels(string text) => text
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(label => label.Split('='))
        .ToImmutableSortedDictionary(label => label[0], label => label[1], StringComparer.Ordinal);
}
