using RbacLens.Audit;

namespace RbacLens.Tests.Audit;

public sealed class AddressRangeTests
{
    [Theory]
    [InlineData("10.244.0.0/16", "10.244.255.1", true)]
    [InlineData("10.244.0.0/16", "10.245.0.1", false)]
    [InlineData("10.244.7.9/16", "10.244.0.1", true)]      // host bits do not count
    [InlineData("0.0.0.0/0", "203.0.113.50", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]         // all of IPv4 is not all there is
    [InlineData("fd00::/8", "fd12:3456::1", true)]
    [InlineData("fd00::/8", "::ffff:10.0.0.1", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.0.0.1", true)]     // the same address in the other notation
    [InlineData("::1/128", "::1", true)]
    [InlineData("fc00::/7", "fdff::1", true)]               // a prefix that ends inside a byte
    [InlineData("fc00::/7", "fe00::1", false)]
    [InlineData("172.16.0.0/12", "172.31.255.255", true)]
    [InlineData("172.16.0.0/12", "172.32.0.0", false)]
    [InlineData("::/0", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("10.0.0.0/8", "10.0.0", false)]             // no address is in no range
    [InlineData("10.0.0.0/8", "ten", false)]
    public void A_range_holds_the_addresses_with_its_prefix(string range, string address, bool holds) =>
        Assert.Equal(holds, AddressRange.TryParse(range)!.Contains(address));

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0/8")]
    [InlineData("10.0.0.0/x")]
    [InlineData("fd00:::/8")]
    [InlineData("1:2:3:4:5:6:7:8:9/64")]
    [InlineData("1:2:3:4:5:6:7::8/64")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4/64")]
    [InlineData("")]
    public void What_is_no_range_is_none(string text) => Assert.Null(AddressRange.TryParse(text));

    [Theory]
    [InlineData("grafana", "grafana")]
    [InlineData("grafana:3000", "grafana")]
    [InlineData("http:grafana:3000", "grafana")]
    [InlineData("https:grafana:", "grafana")]
    [InlineData("https:grafana", "grafana")]
    [InlineData("http:80", "http")]                         // a service that is called http
    [InlineData("", "")]
    public void A_proxied_name_has_an_object_in_it(string name, string plain) => Assert.Equal(plain, ProxyName.Plain(name));
}
