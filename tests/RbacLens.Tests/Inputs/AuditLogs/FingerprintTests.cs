using RbacLens.Cli.Inputs.AuditLogs;

namespace RbacLens.Tests.Inputs.AuditLogs;

public class FingerprintTests
{
    [Fact]
    public void Every_byte_and_every_length_counts()
    {
        var prints = new HashSet<ulong>();
        for (var length = 0; length <= 40; length++)
        {
            var text = new byte[length];
            Assert.True(prints.Add(Fingerprint.Of(text)), $"{length} zeros");
            for (var at = 0; at < length; at++)
            {
                text[at] = 1;
                Assert.True(prints.Add(Fingerprint.Of(text)), $"length {length}, another byte at {at}");
                text[at] = 0;
            }
        }
    }

    [Fact]
    public void Where_one_text_ends_and_the_next_begins_counts() =>
        Assert.NotEqual(Fingerprint.Of("ab"u8, "c"u8), Fingerprint.Of("a"u8, "bc"u8));
}
