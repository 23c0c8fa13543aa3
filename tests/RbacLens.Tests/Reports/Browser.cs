using System.Text.Json;
using OpenQA.Selenium;
using OpenQA.Selenium.Chrome;

namespace RbacLens.Tests.Reports;

/// <summary>A headless Chromium that opens one report from a file and remembers what it complained of and asked the network for.</summary>
sealed class Browser : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("rbac-lens-").FullName;
    readonly ChromeDriver driver;

    /// <param name="posture">What the report shows.</param>
    /// <param name="fragment">What follows the # of the address; empty for none.</param>
    /// <param name="dark">Whether the reader prefers a dark page.</param>
    /// <param name="width">Width of the window in CSS pixels.</param>
    /// <summary>Opens the report.</summary>
    public Browser(Posture posture, string fragment = "", bool dark = false, int width = 1200)
    {
        var file = Path.Combine(folder, "report.html");
        File.WriteAllText(file, HtmlPage.Text(posture));
        var service = ChromeDriverService.CreateDefaultService("/usr/bin", "chromedriver");
        service.SuppressInitialDiagnosticInformation = true;
        driver = new(service, Options(folder));
        driver.ExecuteCdpCommand("Emulation.setEmulatedMedia", new()
        {
            ["features"] = new[] { new Dictionary<string, object> { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" } },
        });
        driver.ExecuteCdpCommand("Emulation.setDeviceMetricsOverride", new() { ["width"] = width, ["height"] = 900, ["deviceScaleFactor"] = 1, ["mobile"] = false });
        driver.Navigate().GoToUrl(new Uri(file).AbsoluteUri + (fragment.Length == 0 ? "" : "#" + fragment));
    }

    /// <summary>The page.</summary>
    public IWebDriver Page => driver;

    /// <summary>What a script returns.</summary>
    public object? Run(string script) => driver.ExecuteScript(script);

    /// <summary>Everything on the console since the last look, as text.</summary>
    public List<string> Complaints() => [.. driver.Manage().Logs.GetLog(LogType.Browser).Select(entry => entry.Message)];

    /// <summary>The addresses the page asked for since the last look; what the browser's own pages need does not count.</summary>
    public List<string> Requests() =>
    [
        .. from entry in driver.Manage().Logs.GetLog(LogType.Performance)
           let message = JsonDocument.Parse(entry.Message).RootElement.GetProperty("message")
           where message.GetProperty("method").GetString() == "Network.requestWillBeSent"
           let request = message.GetProperty("params")
           where request.GetProperty("documentURL").GetString()!.StartsWith("file:", StringComparison.Ordinal)
           select request.GetProperty("request").GetProperty("url").GetString()! into address
           where !address.StartsWith("chrome://", StringComparison.Ordinal)
           select address,
    ];

    /// <summary>The visible findings, by the names of their subjects.</summary>
    public List<string> Subjects() => [.. driver.FindElements(By.CssSelector("#list article h4 bdi")).Select(element => element.Text)];

    public void Dispose()
    {
        driver.Quit();
        driver.Dispose();
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
