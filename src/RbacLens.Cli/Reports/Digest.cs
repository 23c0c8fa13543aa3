using System.Security.Cryptography;
using System.Text;

namespace RbacLens.Cli.Reports;

/// <summary>Short names for long things.</summary>
static class Digest
{
    /// <summary>Sixteen hex digits of SHA-256.</summary>
    public static string Of(params string[] parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))).AsSpan(0, 8));
}
