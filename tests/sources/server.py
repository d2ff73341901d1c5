"""A local HTTP server that plays what the tests need: answers, redirects, drips, bombs."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Play = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """Serves `routes`, path to what is played; keeps what was asked."""

    def __init__(self) -> None:
        self.routes: dict[str, Play] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                told = self.path != "/robots.txt" or self.path in outer.routes
                if told:  # who has no rules is not interested in who asks for them
                    outer.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                play = outer.routes.get(self.path)
                if play is None:
                    answer(b"not here", status=404)(self)
                    return
                try:
                    play(self)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def host(self) -> str:
        """host:port"""
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        """The server's root address, without the slash."""
        return f"http://{self.host}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def answer(
    body: bytes = b"", *, status: int = 200, kind: str = "text/html", **headers: str
) -> Play:
    """An ordinary answer; `headers` with underscores for dashes."""

    def play(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        if kind:
            request.send_header("Content-Type", kind)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return play


def redirect(to: str, status: int = 302) -> Play:
    """A redirect."""
    return answer(status=status, Location=to)
