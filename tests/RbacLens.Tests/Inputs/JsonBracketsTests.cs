using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using RbacLens.Access;
using RbacLens.Cli.Inputs;
using Xunit.Abstractions;

namespace RbacLens.Tests.Inputs;

/// <summary>Passing over a value unread must end where reading it would.</summary>
public class JsonBracketsTests(ITestOutputHelper output)
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    static readonly string[] Texts = ["", "\"", "\\", "\\\"", "\\\\\"", "{", "}", "[", "]", "{\"a\":[", "ä→🚀", new('\\', 63), new('"', 64), new('x', 65), "]}" + new string('\\', 126)];

    static Gen<object?> Values(int deep) => deep == 0
        ? Gen.OneOf(Gen.Elements<object?>(Texts), Gen.Elements<object?>(null, true, 1.5, 42))
        : Gen.OneOf(
            Values(0),
            Gen.ListOf(Values(deep - 1)).Select(list => (object?)list.Take(5).ToArray()),
            Gen.ListOf(Values(deep - 1)).Select(list => (object?)list.Take(5).Index().ToDictionary(entry => Texts[entry.Index % Texts.Length] + entry.Index, entry => entry.Item)));

    [Fact]
    public void A_value_ends_where_its_bracket_closes() =>
        Property.Holds(output, from value in Values(4) from indented in Gen.Elements(true, false) select (value, indented), generated =>
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(new[] { generated.value }, generated.indented ? Indented : JsonSerializerOptions.Default);
            return JsonBrackets.LengthOf([.. json, .. ",]}\"{"u8], 500) == json.Length
                && Enumerable.Range(1, json.Length - 1).Where(length => length % 7 == 1 || length > json.Length - 3).All(length => JsonBrackets.LengthOf(json.AsSpan(0, length), 500) is null);
        });

    [Theory]
    [InlineData(10, 10, 20)]
    [InlineData(10, 9, null)]
    [InlineData(200, 200, 400)]
    [InlineData(200, 100, null)]
    public void What_is_too_deep_is_left_to_the_reader(int depth, int deepest, int? length) =>
        Assert.Equal(length, JsonBrackets.LengthOf(Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth)), deepest));

    [Theory]
    [InlineData("", 3, 0)]
    [InlineData("", 3, 2)]
    [InlineData("\n", 3, 1)]
    [InlineData("\n", 3000, 2500)]
    [InlineData("", 3000, 2999)]
    [InlineData("\n", 3000, 10)]
    public async Task An_error_is_where_a_reader_of_every_byte_finds_it(string lineEnd, int items, int broken)
    {
        var text = $"{{\"items\":[{lineEnd}{string.Join("," + lineEnd, Enumerable.Range(0, items).Select(Item))}]}}";
        var bytes = Encoding.UTF8.GetBytes(text);
        var expected = Assert.ThrowsAny<JsonException>(() =>
        {
            var reader = new Utf8JsonReader(bytes);
            while (reader.Read())
            {
            }
        });

        using var stream = new MemoryStream(bytes);
        var reader = new ListReader(new SnapshotBuilder(), "test");
        var problem = await Assert.ThrowsAsync<InputException>(() => reader.ReadAsync(stream, null, default));

        Assert.Contains($"line {expected.LineNumber + 1}, byte {expected.BytePositionInLine + 1}:", problem.Message, StringComparison.Ordinal);

        string Item(int number)
        {
            var status = $"\"status\":{{\"long\":\"{new string('x', 90)}\",{lineEnd}\"deep\":[[{{}}]]}}";
            return $"{{\"kind\":\"Pod\",{lineEnd}{status},\"spec\":{(number == broken ? "{!" : "{")}}},{lineEnd}\"metadata\":{{\"name\":\"p{number}\",\"managedFields\":[\"{new string('[', 80)}\"]}}}}";
        }
    }

    [Fact]
    public async Task An_error_in_what_nobody_reads_is_not_seen_but_a_cut_is()
    {
        var list = $"{{\"kind\":\"List\",\"items\":[{{\"kind\":\"Pod\",\"metadata\":{{\"name\":\"a\"}},\"other\":{{\"x\": ! {new string(' ', 80)}}}}}]}}";
        var builder = new SnapshotBuilder();
        await new ListReader(builder, "test").ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(list)), null, default);
        Assert.Single(builder.Build(new("", "", "dump"), default).Workloads);

        var cut = new MemoryStream(Encoding.UTF8.GetBytes(list[..^8]));
        await Assert.ThrowsAsync<InputException>(() => new ListReader(new SnapshotBuilder(), "test").ReadAsync(cut, null, default));
    }
}
