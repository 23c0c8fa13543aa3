using System.Xml.Linq;
using RbacLens.Cli.Reports;
using RbacLens.Paths;
using RbacLens.Policies;
using Path = RbacLens.Paths.Path;

namespace RbacLens.Tests.Reports;

public class PathPictureTests
{
    static readonly PictureMeasure Measure = PathSvg.Measure(mostHeight: 1000);

    [Fact]
    public void No_path_has_no_picture() => Assert.Null(PathPicture.Of([], Measure));

    [Fact]
    public void A_place_that_paths_share_is_drawn_once_and_steps_go_from_left_to_right()
    {
        var picture = PathPicture.Of(SamplePaths.Paths, Measure)!;
        Assert.Equal(4, picture.Boxes.Length);
        Assert.Equal(3, picture.Arrows.Length);
        Assert.All(picture.Arrows, arrow => Assert.True(arrow.Points[0].X < arrow.Points[^1].X));
        Assert.Equal(["Group jit:oncall:staging", "ServiceAccount staging/job-runner"], picture.Boxes.Where(box => box.IsStart).Select(box => box.Whole).Order(StringComparer.Ordinal));
        Assert.Equal("cluster-admin", Assert.Single(picture.Boxes, box => box.IsGoal).Whole);
        Assert.Equal((2, 0), (picture.Shown, picture.LeftOut));
    }

    [Fact]
    public void Those_who_go_the_same_way_share_a_box()
    {
        var picture = PathPicture.Of([.. Enumerable.Range(0, 40).Select(i => To(Account($"a-{i:00}"), Goal.ClusterAdmin, "bind"))], Measure)!;
        Assert.Equal(2, picture.Boxes.Length);
        Assert.Equal(["40 ServiceAccounts", "team/a-00", "and 39 more", "bind"], picture.Boxes[0].Texts.Select(text => text.Text));
        Assert.Equal(40, picture.Shown);
    }

    [Fact]
    public void What_does_not_fit_is_counted()
    {
        var picture = PathPicture.Of([.. Enumerable.Range(0, 50).Select(i => To(Account($"a-{i}"), Goal.ClusterAdmin, $"policy-{i}"))], Measure)!;
        Assert.InRange(picture.Height, 0, Measure.MostHeight);
        Assert.InRange(picture.LeftOut, 1, 49);
        Assert.Equal(50, picture.Shown + picture.LeftOut);
    }

    [Fact]
    public void An_arrow_past_a_column_passes_no_box()
    {
        var (a, b, c) = (Account("a"), Account("b"), Account("c"));
        var picture = PathPicture.Of([Way(a, Goal.ClusterAdmin, ("x", b), ("y", c), ("z", Goal.ClusterAdmin)), Way(a, Goal.Node, ("n", Goal.Node)), Way(b, Goal.Node, ("n", Goal.Node))], Measure)!;
        Assert.Equal(5, picture.Boxes.Length);
        foreach (var arrow in picture.Arrows)
            Assert.DoesNotContain(arrow.Points[1..^1], point => picture.Boxes.Any(box => point.X > box.X && point.X < box.X + box.Width && point.Y > box.Y && point.Y < box.Y + box.Height));
        Assert.Contains(picture.Arrows, arrow => arrow.Points.Length == 6);
    }

    [Fact]
    public void A_way_that_comes_back_ends()
    {
        var (a, b) = (Account("a"), Account("b"));
        var picture = PathPicture.Of([Way(a, Goal.Node, ("x", b), ("y", Goal.Node)), Way(b, Goal.ClusterAdmin, ("x", a), ("y", Goal.ClusterAdmin)), Way(a, a, ("self", a))], Measure)!;
        Assert.Equal(4, picture.Boxes.Length);
        Assert.Equal(4, picture.Arrows.Length);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\u202Eevil\u001b[31m")]
    [InlineData("🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀")]
    [InlineData("\"]]>&amp;")]
    public void Hostile_names_stay_text_that_fits_its_box(string name)
    {
        var picture = PathPicture.Of([To(new("User", "", name), Goal.ClusterAdmin, name), To(new("User", "", new string('x', 253)), Goal.Node, "y")], Measure)!;
        var svg = XDocument.Parse(PathSvg.Of(picture));
        Assert.DoesNotContain(svg.Descendants(), element => element.Name.LocalName is "script" or "style" or "a");
        Assert.DoesNotContain(svg.Descendants().SelectMany(element => element.Attributes()), attribute => attribute.Name.LocalName is "style" or "class");
        Assert.Contains(svg.Descendants(), element => element.Name.LocalName == "title" && element.Value == SafeText.Of($"User {name}"));
        Assert.All(picture.Boxes.SelectMany(box => box.Texts.Select(text => (box, text))), pair =>
        {
            Assert.DoesNotContain('\uFFFD', pair.text.Text);
            Assert.InRange(pair.text.Baseline, pair.box.Y, pair.box.Y + pair.box.Height);
            Assert.InRange(Measure.Width(pair.text.Text, pair.text.IsSmall), 0, pair.box.Width);
        });
    }

    static Target Account(string name) => new("ServiceAccount", "team", name);

    static Path To(Target from, Target goal, string policy) => Way(from, goal, (policy, goal));

    static Path Way(Target from, Target goal, params (string Policy, Target To)[] steps) =>
        new(from, goal, [.. steps.Select(step => new Step(step.Policy, "does something", [], step.To))]);
}
