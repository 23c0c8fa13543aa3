using RbacLens.Rbac;

namespace RbacLens.Tests.Rbac;

public sealed class NamesTests
{
    [Theory]
    [InlineData("get list", "get", true, true)]
    [InlineData("get list", "watch", false, false)]
    [InlineData("*", "watch", true, false)]             // admitted, not listed
    [InlineData("get *", "*", true, true)]
    [InlineData("Get", "get", false, false)]            // case matters
    [InlineData("ge*", "get", false, false)]            // only a star alone is one
    [InlineData("", "", false, false)]                  // nothing listed at all
    public void A_field_admits_and_lists(string listed, string value, bool admits, bool lists)
    {
        var names = Names.Of(listed.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((admits, lists), (names.Admits(value), names.Lists(value)));
    }

    [Theory]
    [InlineData(new[] { "a", "b" }, new[] { "a", "b" }, true)]
    [InlineData(new[] { "a", "b" }, new[] { "b", "a" }, false)]    // as written
    [InlineData(new[] { "a" }, new[] { "a", "a" }, false)]
    [InlineData(new[] { "ab" }, new[] { "a", "b" }, false)]
    [InlineData(new[] { "" }, new string[0], false)]               // the core group is not "no group"
    [InlineData(new string[0], new string[0], true)]
    public void Fields_are_equal_by_value(string[] left, string[] right, bool expected) =>
        Assert.Equal(expected, Names.Of(left).Equals(Names.Of(right)));

    [Fact]
    public void The_empty_string_can_be_listed() => Assert.True(Names.Of("").Lists(""));
}
