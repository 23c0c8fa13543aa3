using System.Text.Json;
using OpenQA.Selenium;
using OpenQA.Selenium.Chrome;

namespace RbacLens.Tests.Reports;

/// <summary>
/// A headless Chromium, shared by the tests of a class, that opens reports from files and remembers what they complained of and asked the
/// network for. It starts when the first test needs it, so that it may be missing where those tests are skipped.
/// </summary>
public sealed class Browser : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("rbac-lens-").FullName;
    ChromeDriver? started;

    ChromeDriver Driver => started ??= new(ChromeDriverService.CreateDefaultService("/usr/bin", "chromedriver"), Options(folder));

    /// <summary>Opens a report, and forgets what was noted of the one before.</summary>
    /// <param name="posture">What the report shows.</param>
    /// <param name="fragment">What follows the # of the address; empty for none.</param>
    /// <param name="dark">Whether the reader prefers a dark page.</param>
    /// <param name="width">Width of the window in CSS pixels.</param>
    public void Open(Posture posture, string fragment = "", bool dark = false, int width = 1200)
    {
        var file = Path.Combine(folder, "report.html");
        File.WriteAllText(file, HtmlPage.Text(posture));
        Driver.Navigate().GoToUrl(new Uri("about:blank"));
        Complaints();
        Requests();
        Driver.ExecuteCdpCommand("Emulation.setEmulatedMedia", new()
        {
            ["media"] = "",
            ["features"] = new[] { new Dictionary<string, object> { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" } },
        });
        Driver.ExecuteCdpCommand("Emulation.setDeviceMetricsOverride", new()
        {
            ["width"] = width,
            ["height"] = 900,
            ["deviceScaleFactor"] = 1,
            ["mobile"] = false,
        });
        Driver.Navigate().GoToUrl(new Uri(new Uri(file).AbsoluteUri + (fragment.Length == 0 ? "" : "#" + fragment)));
    }

    /// <summary>Shows the page as a printer gets it.</summary>
    public void Print() => Driver.ExecuteCdpCommand("Emulation.setEmulatedMedia", new() { ["media"] = "print" });

    /// <summary>The page.</summary>
    public IWebDriver Page => Driver;

    /// <summary>What a script returns.</summary>
    public object? Run(string script) => Driver.ExecuteScript(script);

    /// <summary>Everything on the console since the last look, as text.</summary>
    public List<string> Complaints() => [.. Driver.Manage().Logs.GetLog(LogType.Browser).Select(entry => entry.Message)];

    /// <summary>The addresses the page asked for since the last look; what the browser's own pages need does not count.</summary>
    public List<string> Requests() =>
    [
        .. from entry in Driver.Manage().Logs.GetLog(LogType.Performance)
           let message = JsonDocument.Parse(entry.Message).RootElement.GetProperty("message")
           where message.GetProperty("method").GetString() == "Network.requestWillBeSent"
           let request = message.GetProperty("params")
           where request.GetProperty("documentURL").GetString()!.StartsWith("file:", StringComparison.Ordinal)
           select request.GetProperty("request").GetProperty("url").GetString()! into address
           where !address.StartsWith("chrome://", StringComparison.Ordinal)
           select address,
    ];

    /// <summary>The visible findings, by the names of their subjects.</summary>
    public List<string> Subjects()
    {
        while (true)
            try
            {
                return [.. Driver.FindElements(By.CssSelector("#list article h4 bdi")).Select(element => element.Text)];
            }
            catch (StaleElementReferenceException)
            {
                // The list was drawn anew meanwhile.
            }
    }

    public void Dispose()
    {
        started?.Quit();
        started?.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    static ChromeOptions Options(string profile)
    {
        var options = new ChromeOptions { BinaryLocation = "/usr/bin/chromium" };
        options.AddArguments(
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--disable-dev-shm-usage",
            "--no-first-run", $"--user-data-dir={Path.Combine(profile, "profile")}");
        options.SetLoggingPreference(LogType.Browser, LogLevel.All);
        options.SetLoggingPreference(LogType.Performance, LogLevel.All);
        return options;
    }
}
