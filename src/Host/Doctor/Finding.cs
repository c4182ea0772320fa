namespace CSMultiConnector.Host.Doctor;

/// <summary>What one check found.</summary>
/// <param name="Severity">ok, warning or error.</param>
/// <param name="Check">What was looked at.</param>
/// <param name="Text">What was found.</param>
/// <param name="Remedy">What to do; empty when nothing.</param>
internal sealed record Finding(string Severity, string Check, string Text, string Remedy)
{
    public static Finding Fine(string check, string text) => new("ok", check, text, "");

    public static Finding Warning(string check, string text, string remedy) => new("warning", check, text, remedy);

    public static Finding Error(string check, string text, string remedy) => new("error", check, text, remedy);
}

/// <summary>All findings.</summary>
/// <param name="Ok">No error among them.</param>
/// <param name="Findings">In the order of the checks.</param>
internal sealed record DoctorReport(bool Ok, IReadOnlyList<Finding> Findings);
