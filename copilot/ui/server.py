"""The ASGI application around the script: page images and quoted elements under the reader's rights, and headers."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from copilot.errors import AccessDenied, CopilotError
from copilot.ui.product import principal, product
from copilot.ui.surroundings import surroundings

PAGE_ROUTE = "/reader/page"
ELEMENTS_ROUTE = "/reader/elements"
SCRIPT = Path(__file__).parent / "main.py"
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_SCALES = {"1": 1.5, "2": 2.5}
_MAX_BODY = 64 * 1024


def routes() -> list[Route]:
    """What is served beside the script."""
    return [
        Route(PAGE_ROUTE, _page, methods=["GET"]),
        Route(ELEMENTS_ROUTE, _elements, methods=["POST"]),
    ]


def middleware() -> list[Middleware]:
    """Safe headers on everything, and compression, which Streamlit leaves off for its own files."""
    return [Middleware(SafeHeaders), Middleware(GZipMiddleware, minimum_size=2048)]


@contextlib.asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[dict[str, Any] | None]:
    """Begin to load the engine with the server, before the first visitor; let go of it at the end."""
    with contextlib.suppress(CopilotError):
        # A fault in the settings is told on the page; the server must be there to tell it.
        product.shelf()
        product.warm()
    yield None
    product.close()


async def _page(request: Request) -> Response:
    """GET: a page as WebP (document, sha256, page, zoom 1 or 2); its size in points and page count in headers."""
    asked = request.query_params
    try:
        page, scale = int(asked.get("page", "1")), _SCALES[asked.get("zoom", "1")]
    except (KeyError, ValueError):
        return Response(status_code=400)

    def draw() -> Response:
        image = product.shelf().library.page_image(
            asked.get("document", ""), page, principal(), asked.get("sha256", ""), scale
        )
        size = {"X-Page-Width": f"{image.width_pt}", "X-Page-Height": f"{image.height_pt}"}
        # Rights may change at any time: the browser asks again.
        headers = {**size, "X-Page-Count": str(image.pages), "Cache-Control": "private, no-store"}
        return Response(image.content, media_type=image.media_type, headers=headers)

    return await run_in_threadpool(_answered, draw)


async def _elements(request: Request) -> Response:
    """POST JSON (document, sha256, quote, page): the elements around the quote, for formats without pages."""
    if request.headers.get("content-type", "").split(";")[0] != "application/json":
        return Response(status_code=415)
    body = await request.body()
    if len(body) > _MAX_BODY:
        return Response(status_code=413)
    try:
        asked = await request.json()
        document, sha256, quote = str(asked["document"]), str(asked["sha256"]), str(asked["quote"])
        page = int(asked.get("page", 1))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Response(status_code=400)

    def read() -> Response:
        elements = product.shelf().library.elements(document, principal(), sha256)
        return JSONResponse(surroundings(elements, quote, page), headers={"Cache-Control": "private, no-store"})

    return await run_in_threadpool(_answered, read)


def _answered(draw: Any) -> Response:
    try:
        response: Response = draw()
    except AccessDenied:
        return Response(status_code=404)
    except (CopilotError, OSError) as error:
        return JSONResponse({"error": str(error)}, status_code=409)
    return response


class SafeHeaders:
    """Adds a strict content security policy and its companions to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._headers = safe_headers((Path(st.__file__).parent / "static" / "index.html").read_text("utf-8"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; only HTTP responses get headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)


def safe_headers(index_html: str) -> Mapping[str, str]:
    """The headers; inline scripts of Streamlit's page are allowed by their hashes, nothing else inline."""
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in _INLINE_SCRIPT.findall(index_html)
    ]
    policy = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", "blob:", "'wasm-unsafe-eval'", *hashes]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
