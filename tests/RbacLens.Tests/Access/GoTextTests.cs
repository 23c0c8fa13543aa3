using FsCheck.Fluent;
using RbacLens.Access;
using RbacLens.Rbac;
using Xunit.Abstractions;

namespace RbacLens.Tests.Access;

public sealed class GoTextTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("a\"b\\c", "\"a\\\"b\\\\c\"")]
    [InlineData("\a\b\f\n\r\t\v", "\"\\a\\b\\f\\n\\r\\t\\v\"")]
    [InlineData("\0\u001b\u007f", "\"\\x00\\x1b\\x7f\"")]          // one byte in hexadecimal
    [InlineData("\u0085\u00a0\u200b", "\"\\u0085\\u00a0\\u200b\"")]   // not printable: control, space, format
    [InlineData("ünï ☃ 😀", "\"ünï ☃ 😀\"")]                     // printable stays
    [InlineData("\U000e0001", "\"\\U000e0001\"")]
    public void Text_is_quoted_as_Go_quotes_it(string text, string expected) => Assert.Equal(expected, GoText.Quote(text));

    [Fact]
    public void Any_text_reads_back_from_its_quotes() =>
        Property.Holds(
            output,
            from codes in Any.UpTo(12, Gen.OneOf(Gen.Choose(0, 0x7f), Gen.Choose(0x80, 0xd7ff), Gen.Choose(0xe000, 0x10ffff)))
            select string.Concat(codes.Select(char.ConvertFromUtf32)),
            text =>
            {
                ReadOnlySpan<char> rest = GoText.Quote(text) + "rest";
                return GoText.TakeQuoted(ref rest) == text && rest is "rest";
            });

    [Theory]
    [InlineData("")]
    [InlineData("no quote")]
    [InlineData("\"open")]
    [InlineData("\"\\")]
    [InlineData("\"\\q\"")]
    [InlineData("\"\\x1\"")]
    [InlineData("\"\\ud800\"")]      // half a character
    public void Text_that_is_not_quoted_is_not_taken(string text)
    {
        ReadOnlySpan<char> rest = text;
        Assert.Null(GoText.TakeQuoted(ref rest));
        Assert.Equal(text, rest.ToString());
    }

    [Theory]
    [InlineData("role \"a\" not found", "role \"a\" not found")]
    [InlineData("x|x", "x")]                                             // one error said twice has no brackets
    [InlineData("x|y|x", "[x, y]")]
    public void Several_errors_are_one_text(string errors, string expected) => Assert.Equal(expected, GoText.Aggregate(errors.Split('|')));

    [Theory]
    [InlineData("ClusterRole", "clusterrole.rbac.authorization.k8s.io \"x\" not found")]
    [InlineData("Role", "role.rbac.authorization.k8s.io \"x\" not found")]
    [InlineData("Alien", "unsupported role reference kind: \"Alien\"")]
    public void A_reference_that_leads_nowhere_is_an_error_of_the_API_server(string kind, string expected) =>
        Assert.Equal(expected, GoText.MissingRole(new RoleRef(kind, "x")));

    [Theory]
    [InlineData("")]
    [InlineData("RBAC: role.rbac.authorization.k8s.io \"x\" not found")]
    [InlineData("RBAC: allowed by ClusterRoleBinding \"b\" of ClusterRole \"r\"")]
    [InlineData("RBAC: allowed by ClusterRoleBinding \"b\" of ClusterRole \"r\" to User \"u\" and more")]
    [InlineData("RBAC: allowed by RoleBinding \"b\" of Role \"r\" to User \"u\"")]                       // no namespace
    [InlineData("RBAC: allowed by ClusterRoleBinding \"b\" of ClusterRole \"r\" to Robot \"u\"")]
    public void What_is_not_the_reason_of_a_permission_reads_as_none(string reason) => Assert.Null(AllowReason.TryParse(reason));
}
