# SPDX-License-Identifier: GPL-3.0-or-later
"""Chromium without a window, for the report's tests and its picture. Exits with 77 where it is not installed."""
import base64
import json
import shutil
import sys
import tempfile
import time

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
except ImportError:
    print("skipped: python3-selenium is not installed")
    sys.exit(77)

FLAGS = ("--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
         "--disable-component-update --disable-sync --hide-scrollbars").split()


class Browser:
    """One browser with an empty profile; `with Browser() as browser`."""

    def __enter__(self):
        program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        service = shutil.which("chromedriver")
        if not program or not service:
            print("skipped: chromium or chromium-driver is not installed")
            sys.exit(77)
        self.profile = tempfile.TemporaryDirectory()
        options = webdriver.ChromeOptions()
        options.binary_location = program
        for flag in FLAGS + ["--user-data-dir=" + self.profile.name]:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(service=Service(service), options=options)
        self.cdp = self.driver.execute_cdp_cmd
        self.js = self.driver.execute_script
        return self

    def __exit__(self, *_):
        self.driver.quit()
        self.profile.cleanup()

    def resize(self, width, height, scale=1):
        self.cdp("Emulation.setDeviceMetricsOverride",
                 {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": width < 600})

    def prefer(self, scheme):
        self.cdp("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def open(self, path):
        """Seconds of work of the page's thread until everything is drawn: the clock would count what else the machine does."""
        start = time.monotonic()
        self.driver.get("about:blank")
        self.cdp("Performance.disable", {})
        self.cdp("Performance.enable", {"timeDomain": "threadTicks"})
        self.driver.get("file://" + path)
        while self.js("return document.documentElement.dataset.ready") != "yes":
            assert time.monotonic() - start < 200, path + " is not drawn after 200 seconds"
            time.sleep(0.02)
        metrics = {m["name"]: m["value"] for m in self.cdp("Performance.getMetrics", {})["metrics"]}
        return metrics["TaskDuration"]

    def complaints(self):
        """What the console says, and addresses that were asked for besides the page itself."""
        console = [entry["message"] for entry in self.driver.get_log("browser")]
        asked = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                if not message["params"].get("documentURL", "").startswith(("chrome:", "chrome-untrusted:")):  # the browser's first tab
                    asked.append(message["params"]["request"]["url"])
        return console, [url for url in asked if not url.startswith(("file:", "data:", "chrome:", "chrome-untrusted:"))]

    def picture(self, path, clip=None):
        parameters = {"format": "png"}
        if clip:
            parameters.update(captureBeyondViewport=True, clip=dict(clip, scale=1))
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.cdp("Page.captureScreenshot", parameters)["data"]))

    def pdf(self):
        return base64.b64decode(self.cdp("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})["data"])
