"""Toxiproxy's HTTP API, and our own endpoints beside it."""

import json
import sys
import traceback
from collections.abc import Callable, Mapping
from hmac import compare_digest
from urllib.parse import parse_qs

from blackstart.proxy.control.messages import JSON_TYPE, TEXT_TYPE, Request, Response
from blackstart.proxy.control.request_ids import RequestIds
from blackstart.proxy.errors import RefusedError, bad_body
from blackstart.proxy.events import EventLog
from blackstart.proxy.metrics import CONTENT_TYPE as METRICS_TYPE
from blackstart.proxy.metrics import render
from blackstart.proxy.registry import PartlyPopulatedError, Registry
from blackstart.proxy.requests import decode, proxy_bodies, proxy_body, toxic_body

VERSION = "2.12.0"
"""The Toxiproxy release whose API this is; clients decide by it what they may send."""

Handler = Callable[[Request], Response]
Methods = Mapping[str, Handler]


class Api:
    """Turns requests into what the registry does. Nothing that is asked can raise out of it."""

    def __init__(
        self,
        registry: Registry,
        events: EventLog,
        *,
        token: str | None = None,
        has_metrics: bool = False,
    ) -> None:
        self._registry = registry
        self._events = events
        self._token = token
        self._has_metrics = has_metrics
        self._ids = RequestIds()
        self._fixed: Mapping[str, Methods] = {
            "/version": {"GET": self._version},
            "/proxies": {"GET": self._list, "POST": self._create},
            "/populate": {"POST": self._populate},
            "/reset": {"POST": self._reset},
            "/events": {"GET": self._events_since},
        }
        self._below_proxy: Mapping[str, Methods] = {
            "": {
                "GET": self._show,
                "PATCH": self._update,
                "POST": self._update,
                "DELETE": self._delete,
            },
            "toxics": {"GET": self._list_toxics, "POST": self._add_toxic},
            "connections": {"GET": self._connections},
        }
        self._renewal: Methods = {"POST": self._renew}
        self._toxic: Methods = {
            "GET": self._show_toxic,
            "PATCH": self._update_toxic,
            "POST": self._update_toxic,
            "DELETE": self._remove_toxic,
        }

    def answer(self, request: Request) -> Response:
        """The response to one request, whatever it is."""
        if request.path == "/metrics" and self._has_metrics:
            methods: Methods | None = {request.method: self._metrics}
        else:
            methods = self._route(request)
        if methods is None:
            return Response(404, b"404 page not found\n", TEXT_TYPE)
        handler = methods.get(request.method)
        if handler is None:
            return Response(405)
        response = self._guarded(handler, request)
        headers = {"X-Toxiproxy-Request-Id": self._ids.next(), **response.headers}
        return response._replace(headers=headers)

    def _route(self, request: Request) -> Methods | None:
        fixed = self._fixed.get(request.path)
        if fixed is not None:
            return fixed
        parts = request.segments
        if len(parts) < 2 or parts[0] != "proxies" or not all(parts):
            return None
        if len(parts) == 2:
            return self._below_proxy[""]
        if len(parts) == 3:
            return self._below_proxy.get(parts[2])
        if parts[2] != "toxics":
            return None
        return {4: self._toxic, 5: self._renewal if parts[-1] == "renew" else None}.get(len(parts))

    def _guarded(self, handler: Handler, request: Request) -> Response:
        if request.headers.get("user-agent", "").startswith("Mozilla/"):
            return Response(403, b"User agent not allowed\n", TEXT_TYPE)
        if not self._is_let_in(request):
            return _refused(RefusedError(401, "this server asks for 'Authorization: Bearer TOKEN'"))
        try:
            return handler(request)
        except RefusedError as refusal:
            return _refused(refusal)
        except Exception as defect:  # noqa: BLE001  # the server must outlive its own defects
            traceback.print_exc(file=sys.stderr)
            self._events.fault("defect", detail=repr(defect))
            return _refused(RefusedError(500, f"a defect of the proxy server: {defect!r}"))

    def _is_let_in(self, request: Request) -> bool:
        if self._token is None:
            return True
        given = request.headers.get("authorization", "")
        return compare_digest(given.encode(), f"Bearer {self._token}".encode())

    def _metrics(self, _request: Request) -> Response:
        page = render(self._registry.proxies.values())
        return Response(200, page.encode(), METRICS_TYPE)

    def _version(self, _request: Request) -> Response:
        return Response(
            200, f'{{"version": "{VERSION}"}}\n'.encode(), "application/json;charset=utf-8"
        )

    def _list(self, _request: Request) -> Response:
        proxies = self._registry.proxies
        return _json({name: proxies[name].as_json() for name in sorted(proxies)})

    def _create(self, request: Request) -> Response:
        return _json(self._registry.create(proxy_body(decode(request.body))).as_json(), 201)

    def _populate(self, request: Request) -> Response:
        try:
            done = self._registry.populate(proxy_bodies(decode(request.body)))
        except PartlyPopulatedError as partly:
            made = [proxy.as_json() for proxy in partly.done] or None
            return _refused(partly.refusal, json_type=True, proxies=made)
        except RefusedError as refusal:
            return _refused(refusal, json_type=True, proxies=None)
        return _json({"proxies": [proxy.as_json() for proxy in done] or None}, 201)

    def _reset(self, _request: Request) -> Response:
        self._registry.reset()
        return Response(204)

    def _show(self, request: Request) -> Response:
        return _json(self._registry.proxy(request.segments[1]).as_json())

    def _update(self, request: Request) -> Response:
        self._registry.proxy(request.segments[1])  # 404 comes before any look at the body
        body = proxy_body(decode(request.body))
        return _json(self._registry.update(request.segments[1], body).as_json())

    def _delete(self, request: Request) -> Response:
        self._registry.delete(request.segments[1])
        return Response(204)

    def _list_toxics(self, request: Request) -> Response:
        toxics = self._registry.proxy(request.segments[1]).ordered_toxics()
        return _json([toxic.as_json() for toxic in toxics])

    def _add_toxic(self, request: Request) -> Response:
        self._registry.proxy(request.segments[1])
        toxic = self._registry.add_toxic(request.segments[1], toxic_body(decode(request.body)))
        return _json(toxic.as_json())

    def _show_toxic(self, request: Request) -> Response:
        return _json(self._registry.toxic(request.segments[1], request.segments[3])[1].as_json())

    def _update_toxic(self, request: Request) -> Response:
        _, proxy, _, name = request.segments
        self._registry.toxic(proxy, name)
        body = toxic_body(decode(request.body))
        return _json(self._registry.update_toxic(proxy, name, body).as_json())

    def _remove_toxic(self, request: Request) -> Response:
        self._registry.remove_toxic(request.segments[1], request.segments[3])
        return Response(204)

    def _renew(self, request: Request) -> Response:
        return _json(self._registry.renew(request.segments[1], request.segments[3]).as_json())

    def _connections(self, request: Request) -> Response:
        proxy = self._registry.proxy(request.segments[1])
        connections = [connection.as_json() for connection in proxy.connections.values()]
        return _json({"counters": proxy.totals(), "connections": connections})

    def _events_since(self, request: Request) -> Response:
        since = parse_qs(request.query).get("since", ["0"])[0]
        if not (since.isascii() and since.isdigit() and len(since) <= 18):
            raise bad_body(f"since must be a whole number from 0, not {since!r}")
        events = [event._asdict() for event in self._events.since(int(since))]
        return _json({"events": events, "last_id": self._events.last_id})


def _json(value: object, status: int = 200) -> Response:
    """Compact, and with the three characters escaped that Go escapes for HTML's sake."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Response(status, text.encode("utf-8", "replace"))


def _refused(refusal: RefusedError, *, json_type: bool = False, **more: object) -> Response:
    body = _json({"error": refusal.message, "status": refusal.status, **more}).body + b"\n"
    return Response(refusal.status, body, JSON_TYPE if json_type else TEXT_TYPE)
