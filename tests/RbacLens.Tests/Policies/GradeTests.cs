using RbacLens.Policies;
using RbacLens.Rbac;
using RbacLens.Tests.Reports;

namespace RbacLens.Tests.Policies;

public sealed class GradeTests
{
    static Posture With(params Finding[] findings) => SamplePosture.Create() with { Findings = [.. findings], Gaps = [] };

    static Finding Found(Severity severity, Subject? subject = null) =>
        SamplePosture.Find("everything", severity, subject ?? new Subject.User("alice"), "because", SamplePosture.Rule("get", "pods"));

    [Fact]
    public void The_worst_that_is_open_and_who_holds_it_give_the_letter()
    {
        Assert.Equal("A", Grade.Of(With()).Letter);
        Assert.Equal("A", Grade.Of(With(Found(Severity.Low))).Letter);
        Assert.Equal("B", Grade.Of(With(Found(Severity.Medium), Found(Severity.Low))).Letter);
        Assert.Equal("C", Grade.Of(With(Found(Severity.High))).Letter);
        Assert.Equal("D", Grade.Of(With(Found(Severity.Critical), Found(Severity.High))).Letter);
        Assert.Equal("C", Grade.Of(With(Found(Severity.High, new Subject.Group("system:authenticated")))).Letter);
        Assert.Equal("F", Grade.Of(With(Found(Severity.Critical, new Subject.Group("system:authenticated")))).Letter);
        Assert.Equal("D", Grade.Of(With(Found(Severity.Critical, new Subject.ServiceAccount("x", "system:authenticated")))).Letter);
    }

    [Fact]
    public void What_was_accepted_does_not_count_and_is_told()
    {
        var grade = Grade.Of(With(Found(Severity.Critical) with { Suppression = new("me", "why", null) }));
        Assert.Equal("A", grade.Letter);
        Assert.Contains("1 accepted finding does not count.", grade.Reasons);
    }

    [Fact]
    public void What_could_not_be_read_makes_a_grade_the_best_it_can_be()
    {
        var grade = Grade.Of(SamplePosture.Create() with { Findings = [] });
        Assert.True(grade.IsAtBest);
        Assert.Contains(grade.Reasons, reason => reason.StartsWith("2 of 10 policies could not be decided", StringComparison.Ordinal));
        Assert.False(Grade.Of(SamplePosture.Create() with { Findings = [Found(Severity.Critical, new Subject.User("system:anonymous"))] }).IsAtBest);   // nothing is worse
    }

    [Fact]
    public void Without_policies_or_objects_there_is_no_grade()
    {
        Assert.Equal("", Grade.Of(With() with { Policies = [] }).Letter);
        Assert.Equal("", Grade.Of(With() with { Counts = With().Counts.Clear() }).Letter);
        Assert.Equal("", Grade.Of(With() with { Counts = With().Counts.Clear().Add("Namespace", 1) }).Letter);
    }
}
