"""Firefox, driven by WebDriver BiDi (W3C) without a driver beside it: it speaks that itself."""

import base64
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

__all__ = ["FIREFOX", "Firefox", "firefox"]

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
_LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
_QUIET = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.push.connection.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "toolkit.telemetry.enabled": False,
}
"""What Firefox does by itself over the network is no business of a page."""
_DARK = "layout.css.prefers-color-scheme.content-override"


class Firefox:
    """One window. `complaints` and `requests` are of what was opened last."""

    def __init__(self, socket: Any) -> None:
        self._socket, self._number = socket, 0
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self._ask("session.new", capabilities={})
        events = ["log.entryAdded", "network.beforeRequestSent"]
        self._ask("session.subscribe", events=events)
        (self._window, *_) = self._ask("browsingContext.getTree")["contexts"]

    def show(self, url: str, width: int = 1440) -> None:
        """Open `url` and wait until it is there."""
        self.complaints, self.requests = [], []
        size = {"width": width, "height": 1_000}
        self._in_window("browsingContext.setViewport", viewport=size)
        self._in_window("browsingContext.navigate", url=url, wait="complete")

    def run(self, script: str) -> Any:
        """What `script`, the body of an async function, returns."""
        found = self._ask(
            "script.callFunction",
            functionDeclaration=f"async () => JSON.stringify(await (async () => {{{script}}})())",
            awaitPromise=True,
            target={"context": self._window["context"]},
            userActivation=True,
        )
        assert found["type"] == "success", found
        return json.loads(found["result"].get("value", "null"))

    def keep(self, file: Path) -> None:
        """Save what the window shows as a PNG."""
        shot = self._in_window("browsingContext.captureScreenshot")
        file.write_bytes(base64.b64decode(shot["data"]))

    def _in_window(self, method: str, **parameters: Any) -> Any:
        return self._ask(method, context=self._window["context"], **parameters)

    def _ask(self, method: str, **parameters: Any) -> Any:
        self._number += 1
        asked = {"id": self._number, "method": method, "params": parameters}
        self._socket.send(json.dumps(asked))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == self._number:
                assert answer["type"] == "success", answer
                return answer["result"]
            self._hear(answer.get("method"), answer.get("params", {}))

    def _hear(self, event: str, said: dict[str, Any]) -> None:
        if event == "log.entryAdded":
            self.complaints.append(said["text"])
        elif event == "network.beforeRequestSent":
            self.requests.append(said["request"]["url"])


@contextmanager
def firefox(folder: Path, *, dark: bool = False) -> Iterator[Firefox]:
    """A Firefox that nobody sees, with a profile of its own below `folder`."""
    import websocket

    profile = folder / "profile"
    profile.mkdir()
    wishes = _QUIET | {_DARK: 0 if dark else 1}
    lines = (
        f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in wishes.items()
    )
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    command = [str(FIREFOX), "--headless", "--no-remote", "--profile", str(profile),
               "--remote-debugging-port", "0"]  # fmt: skip
    said = folder / "firefox.log"
    env = os.environ | {"HOME": str(folder)}  # Firefox refuses to run in another user's home
    with (
        said.open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log, env=env) as running,
    ):
        try:
            address = f"{_address(said)}/session"
            socket = websocket.create_connection(address, timeout=60, suppress_origin=True)
            with closing(socket):
                yield Firefox(socket)
        finally:
            running.terminate()


def _address(said: Path) -> str:
    for _ in range(600):
        if found := _LISTENING.search(said.read_text(encoding="utf-8", errors="replace")):
            return found[1]
        time.sleep(0.1)
    raise TimeoutError(said.read_text(encoding="utf-8", errors="replace"))
